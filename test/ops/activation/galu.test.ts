import { galu, ones, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

// The table of document E, lines 4347 and below, for maxInput 1.
const a = [1, 0.5, 2.5, 0.25, 1.25, 2.25, 3.25];
const lambda = [1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25];
const phi = (x: number, a: number, l: number): number =>
  Math.max(l - Math.abs(x - a), 0) + Math.min(Math.abs(x - a - 2 * l) - l, 0);

spec('galu', galu, {
  reference: ([x, weight], { maxInput = 1 } = {}) =>
    byChannel((x, [slope, ...heights]: number[]) =>
      heights.reduce(
        (sum, height, j) => sum + height * phi(x, maxInput * a[j], maxInput * lambda[j]),
        x < 0 ? slope * x : x,
      ),
    )([x, weight]),
  samples: [
    ...channelSamples(1, 8).map(({ operands: [x, weight] }) => ({
      operands: [{ ...x, range: [-1, 5] as [number, number] }, weight],
    })),
    ...channelSamples(1, 4).map((sample) => ({ ...sample, args: [{ maxInput: 0.4 }] })),
  ],
  slack: 8,
  errors: [
    { call: () => galu(ones([2]), ones([3])), says: 'galu: weight must have the axes [channels, k]; got [3]' },
    {
      call: () => galu(ones([2, 3]), ones([2, 4])),
      says: 'galu: weight must be [1, 4] or [3, 4], by the channels of x [2, 3]; got [2, 4]',
    },
    {
      call: () => galu(ones([2]), ones([1, 4]), { maxInput: 0 }),
      says: 'galu: maxInput must be a number > 0; got 0',
    },
    {
      call: () => galu(ones([2]), ones([1, 0])),
      says: 'galu: the number of weights of a channel must be a whole number ≥ 1; got 0',
    },
  ],
});

/** The weights of one of seven waves. */
const only = (j: number): Tensor => tensor([Array.from({ length: 8 }, (_, i) => (i === j + 1 ? 1 : 0))]);

it('galu has these waves, and is relu without them', () => {
  const x = tensor([0, 0.25, 0.5, 1, 1.75, 2, 2.5, 3, 3.5, 4]);
  const values = [0, 1, 2].map((j) => galu(x, only(j)).sub(x).toArray());
  expect(values).toEqual([
    [0, 0.25, 0.5, 1, 0.25, 0, -0.5, -1, -0.5, 0],
    [0, 0.25, 0.5, 0, -0.25, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0.5, 0, -0.5, 0],
  ]);
  const y = tensor([-2, 0, 3]);
  expect(galu(y, zeros([1, 8])).toArray()).toEqual([-0, 0, 3].map((v) => v + 0));
});
