import { acos } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('acos', acos, { reference: elementwise(Math.acos), samples: unarySamples([-0.8, 0.8]) });
unaryClaims('acos', acos, {
  reference: Math.acos,
  integers: 'float32',
  also: [1, -1, 1.5],
  whole: [0, 1],
});
