import { galu, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { hatSpec, onlyBump } from '../../channels.js';
import { spec } from '../../harness.js';

// The table of lecture notes 004, lines 4347–4348, for maxInput 1.
const a = [1, 0.5, 2.5, 0.25, 1.25, 2.25, 3.25];
const lambda = [1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25];
const phi = (x: number, a: number, l: number): number =>
  Math.max(l - Math.abs(x - a), 0) + Math.min(Math.abs(x - a - 2 * l) - l, 0);

spec('galu', galu, hatSpec('galu', galu, { a, lambda, phi }));

it('galu has these waves, and is relu without them: lecture notes 004, lines 4334–4350', () => {
  const x = tensor([0, 0.25, 0.5, 1, 1.75, 2, 2.5, 3, 3.5, 4]);
  const values = [0, 1, 2].map((j) => galu(x, onlyBump(j)).sub(x).toArray());
  expect(values).toEqual([
    [0, 0.25, 0.5, 1, 0.25, 0, -0.5, -1, -0.5, 0],
    [0, 0.25, 0.5, 0, -0.25, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0.5, 0, -0.5, 0],
  ]);
  const y = tensor([-2, 0, 3]);
  expect(galu(y, zeros([1, 8])).toArray()).toEqual([-0, 0, 3].map((v) => v + 0));
});
