import { tan } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('tan', tan, { reference: elementwise(Math.tan), samples: unarySamples([-1, 1]) });
unaryClaims('tan', tan, {
  reference: Math.tan,
  integers: 'float32',
  also: [1e-8],
});
