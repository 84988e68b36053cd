import { asinh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('asinh', asinh, { reference: elementwise(Math.asinh), samples: unarySamples() });
unaryClaims('asinh', asinh, {
  reference: Math.asinh,
  integers: 'float32',
  also: [1e-8, 1e10],
});
