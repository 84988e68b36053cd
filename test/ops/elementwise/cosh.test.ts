import { cosh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('cosh', cosh, { reference: elementwise(Math.cosh), samples: unarySamples() });
unaryClaims('cosh', cosh, {
  reference: Math.cosh,
  integers: 'float32',
  also: [88, -88],
});
