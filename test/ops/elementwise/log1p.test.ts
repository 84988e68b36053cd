import { log1p } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('log1p', log1p, { reference: elementwise(Math.log1p), samples: unarySamples([-0.8, 4]) });
unaryClaims('log1p', log1p, {
  reference: Math.log1p,
  integers: 'float32',
  also: [-1, 1e-8, -2, 1e10],
});
