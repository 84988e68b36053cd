import { sqrt } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('sqrt', sqrt, { reference: elementwise(Math.sqrt), samples: unarySamples([0.2, 4]) });
unaryClaims('sqrt', sqrt, {
  reference: Math.sqrt,
  integers: 'float32',
  also: [4, -1],
});
