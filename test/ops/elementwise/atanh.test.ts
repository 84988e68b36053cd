import { atanh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('atanh', atanh, { reference: elementwise(Math.atanh), samples: unarySamples([-0.8, 0.8]) });
unaryClaims('atanh', atanh, {
  reference: Math.atanh,
  integers: 'float32',
  also: [1, -1, 1.5, 1e-8],
  whole: [0],
});
