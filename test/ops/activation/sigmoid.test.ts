import { sigmoid } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const formula = (x: number): number => 1 / (1 + Math.exp(-x));

spec('sigmoid', sigmoid, { reference: elementwise(formula), samples: unarySamples() });
unaryClaims('sigmoid', sigmoid, {
  reference: formula,
  integers: 'float32',
  also: [88, -80, 17],
});
