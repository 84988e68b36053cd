import { sinh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('sinh', sinh, { reference: elementwise(Math.sinh), samples: unarySamples() });
unaryClaims('sinh', sinh, {
  reference: Math.sinh,
  integers: 'float32',
  also: [88, -88, 1e-8],
});
