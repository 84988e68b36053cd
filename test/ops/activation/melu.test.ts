import { melu, ones, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

// The table of document E, lines 4343 and below, for maxInput 1.
const a = [2, 1, 3, 0.5, 1.5, 2.5, 3.5];
const lambda = [2, 1, 1, 0.5, 0.5, 0.5, 0.5];
const phi = (x: number, a: number, l: number): number => Math.max(l - Math.abs(x - a), 0);

spec('melu', melu, {
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
    { call: () => melu(ones([2]), ones([3])), says: 'melu: weight must have the axes [channels, k]; got [3]' },
    {
      call: () => melu(ones([2, 3]), ones([2, 4])),
      says: 'melu: weight must be [1, 4] or [3, 4], by the channels of x [2, 3]; got [2, 4]',
    },
    {
      call: () => melu(ones([2]), ones([1, 4]), { maxInput: 0 }),
      says: 'melu: maxInput must be a number > 0; got 0',
    },
    {
      call: () => melu(ones([2]), ones([1, 0])),
      says: 'melu: the number of weights of a channel must be a whole number ≥ 1; got 0',
    },
  ],
});

/** The weights of one of seven hats. */
const only = (j: number): Tensor => tensor([Array.from({ length: 8 }, (_, i) => (i === j + 1 ? 1 : 0))]);

it('melu has these hats, and is relu without them', () => {
  const x = tensor([0, 0.25, 0.5, 1, 1.75, 2, 2.5, 3, 3.5, 4]);
  const values = [0, 1, 2].map((j) => melu(x, only(j)).sub(x).toArray());
  expect(values).toEqual([
    [0, 0.25, 0.5, 1, 1.75, 2, 1.5, 1, 0.5, 0],
    [0, 0.25, 0.5, 1, 0.25, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0.5, 1, 0.5, 0],
  ]);
  const y = tensor([-2, 0, 3]);
  expect(melu(y, zeros([1, 8])).toArray()).toEqual([-0, 0, 3].map((v) => v + 0));
});

it('melu has the places of line 4294 of document E for maxInput 256', () => {
  const places = [512, 256, 768, 128, 384, 640, 896];
  const widths = [512, 256, 256, 128, 128, 128, 128];
  // Each hat has its height at its place, 0 where it ends, and as much on both sides.
  places.forEach((place, j) => {
    const x = tensor([place, place - widths[j], place + widths[j], place - widths[j] / 2, place + widths[j] / 2]);
    const [top, ...sides] = melu(x, only(j), { maxInput: 256 }).sub(x.relu()).toArray();
    expect([top, ...sides]).toEqual([widths[j], 0, 0, widths[j] / 2, widths[j] / 2]);
  });
});
