import { mean, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { axisErrors, reducing, reductionSamples } from '../../reduction.js';

spec('mean', mean, {
  reference: reducing((values) => values.reduce((a, b) => a + b, 0) / values.length),
  samples: reductionSamples({ ofNone: false }),
  errors: axisErrors('mean', mean, tensor([[1, 2]])),
});

describe.each(engines)('mean on $name', ({ use }) => {
  it('is NaN over no elements, and where one is NaN', () => {
    use();
    expect(mean(tensor([])).item()).toBeNaN();
    expect(mean(tensor([1, NaN])).item()).toBeNaN();
  });

  it('gives float32 for bool and integers, and keeps bfloat16 and float64', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'float32'] as const) {
      const y = mean(tensor([1, 0, 1, 1], { dtype }));
      expect([y.dtype, y.item()]).toEqual(['float32', 0.75]);
    }
    for (const dtype of ['bfloat16', 'float64'] as const) {
      const y = mean(tensor([1, 0, 1, 1], { dtype }));
      expect([y.dtype, y.item()]).toEqual([dtype, 0.75]);
    }
  });
});
