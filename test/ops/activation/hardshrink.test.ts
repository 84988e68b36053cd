import { hardshrink, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('hardshrink', hardshrink, {
  reference: ([x], lambda = 0.5) => elementwise((v) => (Math.abs(v) > lambda ? v : 0))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [1.1] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [1.1], smooth: false },
  ],
  errors: [{ call: () => hardshrink(tensor([1]), -1), says: 'hardshrink: lambda must be a finite number ≥ 0; got -1' }],
});
