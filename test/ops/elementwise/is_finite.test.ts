import { isFinite } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('isFinite', isFinite, {
  reference: elementwise((x) => Number(Number.isFinite(x))),
  samples: [
    ...unarySamples(),
    { operands: [{ shape: [5], values: [Number.NaN, Infinity, -Infinity, 0, -1] }] },
    { operands: [{ shape: [5], dtype: 'int32' }] },
  ],
  differentiable: false,
});
