import { leakyRelu, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('leakyRelu', leakyRelu, {
  reference: ([x], slope = 0.01) => elementwise((v) => (v > 0 ? v : slope * v))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [0.3] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0.5] },
  ],
  errors: [
    { call: () => leakyRelu(tensor([1]), Number.NaN), says: 'leakyRelu: slope must be a finite number; got NaN' },
  ],
});
