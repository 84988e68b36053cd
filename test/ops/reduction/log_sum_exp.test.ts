import { grad, logSumExp, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { reducing, reductionSamples } from '../../reduction.js';

spec('logSumExp', logSumExp, {
  reference: reducing((values) => {
    const largest = Math.max(...values);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(values.reduce((total, x) => total + Math.exp(x - largest), 0));
  }),
  samples: [
    ...reductionSamples(),
    { operands: [{ shape: [2, 0] }], args: [1] },
    { operands: [{ shape: [2, 3], range: [900, 1000] }], args: [1], smooth: false },
    { operands: [{ shape: [3], values: [-Infinity, -Infinity, -Infinity] }], smooth: false },
    { operands: [{ shape: [3], values: [-Infinity, 1, 2] }], smooth: false },
    { operands: [{ shape: [3], values: [Infinity, 1, -Infinity] }], smooth: false },
    { operands: [{ shape: [3], dtype: 'int32' }] },
  ],
  slack: 2,
});

describe.each(engines)('logSumExp on $name', ({ use }) => {
  it('passes no NaN back from infinities', () => {
    use();
    const gradient = grad((x) => logSumExp(x));
    expect(gradient(tensor([-Infinity, -Infinity])).toArray()).toEqual([0, 0]);
    expect(gradient(tensor([-Infinity, 3])).toArray()).toEqual([0, 1]);
  });
});
