import { grad, relu, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unary } from '../../elementwise.js';
import { engines } from '../../harness.js';

const formula = (x: number): number => Math.max(x, 0);

unary('relu', relu, {
  of: formula,
  ranges: [
    [0.2, 3],
    [-3, -0.2],
  ],
  integers: 'same',
});

describe.each(engines)('relu on $name', ({ use }) => {
  it('takes int32 at its ends', () => {
    use();
    expect(relu(tensor([-(2 ** 31), 0, 9], { dtype: 'int32' })).toArray()).toEqual([0, 0, 9]);
  });
});

// Lecture notes 000, line 208 and lecture notes 002, line 141 print 1; lecture notes 001, line 768 leaves it open.
it('relu has derivative 0 at 0', () => {
  expect(grad((x: Tensor) => relu(x).sum())(tensor([0, 2])).toArray()).toEqual([0, 1]);
});
