import { hardtanh, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('hardtanh', hardtanh, {
  reference: ([x], { min = -1, max = 1 } = {}) => elementwise((v) => Math.min(Math.max(v, min), max))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [{ min: -0.5, max: 1.5 }] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [{ min: -2, max: 2 }] },
  ],
  errors: [{ call: () => hardtanh(tensor([1]), { min: 1 }), says: 'hardtanh: min must be less than max; got 1 and 1' }],
});
