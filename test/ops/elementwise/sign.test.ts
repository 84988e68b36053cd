import { sign, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

spec('sign', sign, { reference: elementwise(Math.sign), samples: unarySamples(), differentiable: false });
unaryClaims('sign', sign, { reference: Math.sign, integers: 'same' });

describe.each(engines)('sign on $name', ({ use }) => {
  it('takes int32 at its ends', () => {
    use();
    expect(sign(tensor([-(2 ** 31), 0, 9], { dtype: 'int32' })).toArray()).toEqual([-1, 0, 1]);
  });
});
