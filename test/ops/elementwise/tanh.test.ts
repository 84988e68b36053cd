import { tanh } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('tanh', tanh, { reference: elementwise(Math.tanh), samples: unarySamples() });
unaryClaims('tanh', tanh, {
  reference: Math.tanh,
  integers: 'float32',
  also: [1e-8, 9.1, -9.1, 20],
});
