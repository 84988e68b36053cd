import { nansum, tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { axisErrors, reducing, reductionSamples } from '../../reduction.js';

spec('nansum', nansum, {
  reference: reducing((values) => values.filter((x) => !Number.isNaN(x)).reduce((a, b) => a + b, 0)),
  samples: [
    ...reductionSamples(),
    // The derivative where an element is NaN is 0: differences of the result see no change there either.
    { operands: [{ shape: [2, 3], values: [1, Number.NaN, 2, Number.NaN, Number.NaN, Number.NaN] }], args: [1] },
    { operands: [{ shape: [2, 3], dtype: 'int32' }], args: [0] },
  ],
  errors: [
    ...axisErrors('nansum', nansum, tensor([[1, 2]])),
    {
      call: () => nansum(tensor([2 ** 31 - 1, 2 ** 31 - 1], { dtype: 'int32' })),
      says: "nansum: the total 4294967294 is no int32; convert with to('float64') first",
    },
  ],
});
