import { exp } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('exp', exp, { reference: elementwise(Math.exp), samples: unarySamples() });
unaryClaims('exp', exp, {
  reference: Math.exp,
  integers: 'float32',
  also: [88.7, 88.8, -103.9, -104.1, 709.7, -745],
});
