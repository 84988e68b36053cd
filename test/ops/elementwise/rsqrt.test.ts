import { rsqrt } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const formula = (x: number): number => 1 / Math.sqrt(x);

spec('rsqrt', rsqrt, { reference: elementwise(formula), samples: unarySamples([0.3, 4]) });
unaryClaims('rsqrt', rsqrt, {
  reference: formula,
  integers: 'float32',
  also: [4, -1],
  whole: [1, 2, 3, 7],
});
