import { neg, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unary } from '../../elementwise.js';
import { engines } from '../../harness.js';

const formula = (x: number): number => -x;

unary('neg', neg, { of: formula, integers: 'same' });

describe.each(engines)('neg on $name', ({ use }) => {
  it('wraps int32 at its ends', () => {
    use();
    expect(neg(tensor([-(2 ** 31), 2 ** 31 - 1, -5], { dtype: 'int32' })).toArray()).toEqual([
      -(2 ** 31),
      -(2 ** 31 - 1),
      5,
    ]);
  });
});
