import { expm1 } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('expm1', expm1, { reference: elementwise(Math.expm1), samples: unarySamples() });
unaryClaims('expm1', expm1, {
  reference: Math.expm1,
  integers: 'float32',
  also: [1e-8, -1e-8, 88.7, -20],
});
