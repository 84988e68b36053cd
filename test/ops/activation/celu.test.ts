import { celu, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('celu', celu, {
  reference: ([x], alpha = 1) => elementwise((v) => (v > 0 ? v : alpha * Math.expm1(v / alpha)))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [0.3] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [0.3], smooth: false },
  ],
  errors: [{ call: () => celu(tensor([1]), 0), says: 'celu: alpha must be a number > 0; got 0' }],
});
