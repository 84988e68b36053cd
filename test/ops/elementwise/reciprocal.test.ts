import { reciprocal } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const formula = (x: number): number => 1 / x;

spec('reciprocal', reciprocal, { reference: elementwise(formula), samples: unarySamples([0.5, 4]) });
unaryClaims('reciprocal', reciprocal, {
  reference: formula,
  integers: 'float32',
  also: [-2],
  whole: [1, 2, 3, 7],
});
