import { neg, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

const formula = (x: number): number => -x;

spec('neg', neg, { reference: elementwise(formula), samples: unarySamples() });
unaryClaims('neg', neg, { reference: formula, integers: 'same' });

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
