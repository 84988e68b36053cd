import { grad, logcumsumexp, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { running, runningErrors, runningSamples } from '../../scan.js';

spec('logcumsumexp', logcumsumexp, {
  reference: running((values) => {
    const largest = Math.max(...values);
    if (!Number.isFinite(largest)) return largest;
    return largest + Math.log(values.reduce((total, x) => total + Math.exp(x - largest), 0));
  }),
  samples: [
    ...runningSamples,
    // The first elements are e⁻⁸⁰⁰ of the last ones: no common shift would keep them.
    { operands: [{ shape: [4], values: [-800, -799, 0, 1] }], args: [0] },
    { operands: [{ shape: [4], values: [-Infinity, -Infinity, 2, Infinity] }], args: [0], smooth: false },
    { operands: [{ shape: [3], dtype: 'int32' }], args: [0] },
  ],
  slack: 4,
  errors: runningErrors('logcumsumexp', logcumsumexp),
});

describe.each(engines)('logcumsumexp on $name', ({ use }) => {
  it('passes no NaN back from infinities', () => {
    use();
    const gradient = grad((x) => logcumsumexp(x, 0).slice([1, null]).sum());
    expect(gradient(tensor([-Infinity, -Infinity, 3])).toArray()).toEqual([0, 0, 1]);
  });
});
