import { sign, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unary } from '../../elementwise.js';
import { engines } from '../../harness.js';

unary('sign', sign, { of: Math.sign, differentiable: false, integers: 'same' });

describe.each(engines)('sign on $name', ({ use }) => {
  it('takes int32 at its ends', () => {
    use();
    expect(sign(tensor([-(2 ** 31), 0, 9], { dtype: 'int32' })).toArray()).toEqual([-1, 0, 1]);
  });
});
