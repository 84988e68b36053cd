import { melu, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { hatSpec, onlyBump } from '../../channels.js';
import { spec } from '../../harness.js';

// The table of lecture notes 004, lines 4343–4344, for maxInput 1.
const a = [2, 1, 3, 0.5, 1.5, 2.5, 3.5];
const lambda = [2, 1, 1, 0.5, 0.5, 0.5, 0.5];
const phi = (x: number, a: number, l: number): number => Math.max(l - Math.abs(x - a), 0);

spec('melu', melu, hatSpec('melu', melu, { a, lambda, phi }));

it('melu has these hats, and is relu without them: lecture notes 004, lines 4287–4315', () => {
  const x = tensor([0, 0.25, 0.5, 1, 1.75, 2, 2.5, 3, 3.5, 4]);
  const values = [0, 1, 2].map((j) => melu(x, onlyBump(j)).sub(x).toArray());
  expect(values).toEqual([
    [0, 0.25, 0.5, 1, 1.75, 2, 1.5, 1, 0.5, 0],
    [0, 0.25, 0.5, 1, 0.25, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0.5, 1, 0.5, 0],
  ]);
  const y = tensor([-2, 0, 3]);
  expect(melu(y, zeros([1, 8])).toArray()).toEqual([-0, 0, 3].map((v) => v + 0));
});

it('melu has the places of lecture notes 004, lines 4295–4296, for maxInput 256', () => {
  const places = [512, 256, 768, 128, 384, 640, 896];
  const widths = [512, 256, 256, 128, 128, 128, 128];
  // Each hat has its height at its place, 0 where it ends, and as much on both sides.
  places.forEach((place, j) => {
    const x = tensor([place, place - widths[j], place + widths[j], place - widths[j] / 2, place + widths[j] / 2]);
    const [top, ...sides] = melu(x, onlyBump(j), { maxInput: 256 }).sub(x.relu()).toArray();
    expect([top, ...sides]).toEqual([widths[j], 0, 0, widths[j] / 2, widths[j] / 2]);
  });
});
