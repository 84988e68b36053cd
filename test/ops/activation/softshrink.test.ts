import { softshrink, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('softshrink', softshrink, {
  reference: ([x], lambda = 0.5) => elementwise((v) => Math.sign(v) * Math.max(Math.abs(v) - lambda, 0))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [1.1] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [1.1], smooth: false },
  ],
  errors: [{ call: () => softshrink(tensor([1]), -1), says: 'softshrink: lambda must be a finite number ≥ 0; got -1' }],
});
