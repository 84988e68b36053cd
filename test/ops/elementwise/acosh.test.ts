import { acosh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('acosh', acosh, { reference: elementwise(Math.acosh), samples: unarySamples([1.3, 4]) });
unaryClaims('acosh', acosh, {
  reference: Math.acosh,
  integers: 'float32',
  also: [1, 0.5],
  whole: [1, 2, 3, 7],
});
