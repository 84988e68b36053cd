import { isNaN } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('isNaN', isNaN, {
  reference: elementwise((x) => Number(Number.isNaN(x))),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [5], values: [Number.NaN, Infinity, -Infinity, 0, -1] }] },
    { operands: [{ shape: [5], dtype: 'int32' }] },
  ],
  differentiable: false,
});
