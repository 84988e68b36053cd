import { atan } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('atan', atan, { reference: elementwise(Math.atan), samples: unarySamples() });
unaryClaims('atan', atan, {
  reference: Math.atan,
  integers: 'float32',
  also: [1, 1e10],
});
