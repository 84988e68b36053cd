import { sin } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('sin', sin, { reference: elementwise(Math.sin), samples: unarySamples() });
unaryClaims('sin', sin, {
  reference: Math.sin,
  integers: 'float32',
  also: [1e5, -1e9, 3e38, Math.PI, 1e-8],
});
