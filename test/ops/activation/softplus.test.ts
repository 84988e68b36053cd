import { softplus } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const formula = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

spec('softplus', softplus, { reference: elementwise(formula), samples: unarySamples() });
unaryClaims('softplus', softplus, {
  reference: formula,
  integers: 'float32',
  also: [88, -80, 30],
});
