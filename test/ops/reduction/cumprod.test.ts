import { cumprod, grad, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { running, runningErrors, runningSamples } from '../../scan.js';

spec('cumprod', cumprod, {
  reference: running((values) => values.reduce((a, b) => a * b, 1)),
  samples: [
    ...runningSamples,
    { operands: [{ shape: [6], values: [2, 0, 3, -1, 0, 4] }], args: [0] },
    { operands: [{ shape: [5], dtype: 'int32' }], args: [0] },
    { operands: [{ shape: [5], dtype: 'bool' }], args: [0] },
  ],
  // A product of n numbers rounds n − 1 times.
  slack: 8,
  errors: runningErrors('cumprod', cumprod),
});

describe.each(engines)('cumprod on $name', ({ use }) => {
  it('has the exact gradient where elements are 0', () => {
    use();
    // Σ y = 2 + 2·b + 2·b·3, with b = 0 the second element.
    expect(grad((x) => cumprod(x, 0).sum())(tensor([2, 0, 3])).toArray()).toEqual([1, 8, 0]);
  });

  it('counts in int32', () => {
    use();
    const y = cumprod(tensor([true, true, false]), 0);
    expect([y.dtype, y.toArray()]).toEqual(['int32', [1, 1, 0]]);
  });
});
