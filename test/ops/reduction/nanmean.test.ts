import { nanmean, tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { axisErrors, reducing, reductionSamples } from '../../reduction.js';

spec('nanmean', nanmean, {
  reference: reducing((values) => {
    const numbers = values.filter((x) => !Number.isNaN(x));
    return numbers.reduce((a, b) => a + b, 0) / numbers.length;
  }),
  samples: [
    ...reductionSamples({ ofNone: false }),
    { operands: [{ shape: [2, 3], values: [1, Number.NaN, 3, 5, Number.NaN, Number.NaN] }], args: [1] },
    { operands: [{ shape: [2], values: [Number.NaN, Number.NaN] }], smooth: false },
    { operands: [{ shape: [2, 3], dtype: 'int32' }], args: [0] },
  ],
  errors: axisErrors('nanmean', nanmean, tensor([[1, 2]])),
});
