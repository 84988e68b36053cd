import { log } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('log', log, { reference: elementwise(Math.log), samples: unarySamples([0.1, 4]) });
unaryClaims('log', log, {
  reference: Math.log,
  integers: 'float32',
  also: [1, 0.999999, 1e-38, -1],
  whole: [1, 2, 3, 7],
});
