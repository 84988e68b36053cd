import { asin } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('asin', asin, { reference: elementwise(Math.asin), samples: unarySamples([-0.8, 0.8]) });
unaryClaims('asin', asin, {
  reference: Math.asin,
  integers: 'float32',
  also: [1, -1, 1.5],
  whole: [0, 1],
});
