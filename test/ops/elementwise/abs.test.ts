import { abs, grad, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unary } from '../../elementwise.js';
import { engines } from '../../harness.js';

unary('abs', abs, {
  of: Math.abs,
  ranges: [
    [0.2, 3],
    [-3, -0.2],
  ],
  integers: 'same',
});

describe.each(engines)('abs on $name', ({ use }) => {
  it('wraps int32 at its ends', () => {
    use();
    expect(abs(tensor([-(2 ** 31), -7, 7], { dtype: 'int32' })).toArray()).toEqual([-(2 ** 31), 7, 7]);
  });
});

it('abs has derivative 0 at 0', () => {
  expect(grad((x: Tensor) => abs(x).sum())(tensor([0, 2])).toArray()).toEqual([0, 1]);
});
