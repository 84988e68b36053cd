import { cos } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('cos', cos, { reference: elementwise(Math.cos), samples: unarySamples() });
unaryClaims('cos', cos, {
  reference: Math.cos,
  integers: 'float32',
  also: [1e5, -1e9, 3e38, Math.PI / 2],
});
