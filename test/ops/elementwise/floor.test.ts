import { floor } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('floor', floor, { reference: elementwise(Math.floor), samples: unarySamples([-9, 9]), differentiable: false });
unaryClaims('floor', floor, {
  reference: Math.floor,
  integers: 'float32',
  also: [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388607.5, 16777216, -1.2],
});
