import { log2 } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('log2', log2, { reference: elementwise(Math.log2), samples: unarySamples([0.1, 4]) });
unaryClaims('log2', log2, {
  reference: Math.log2,
  integers: 'float32',
  also: [1, 2, 1024, 0.125, -1],
  whole: [1, 2, 3, 8],
});
