import { square, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unary } from '../../elementwise.js';
import { engines } from '../../harness.js';

const formula = (x: number): number => x * x;

unary('square', square, { of: formula, integers: 'same' });

describe.each(engines)('square on $name', ({ use }) => {
  it('wraps int32 at its ends', () => {
    use();
    expect(square(tensor([65536, 46341, -3], { dtype: 'int32' })).toArray()).toEqual([0, -2147479015, 9]);
  });
});
