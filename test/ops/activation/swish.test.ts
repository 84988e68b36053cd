import { swish, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('swish', swish, {
  reference: ([x], beta = 1) => elementwise((v) => v / (1 + Math.exp(-beta * v)))([x]),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [9] }], args: [1.7] },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [1.7], smooth: false },
  ],
  errors: [{ call: () => swish(tensor([1]), Number.NaN), says: 'swish: beta must be a finite number; got NaN' }],
});
