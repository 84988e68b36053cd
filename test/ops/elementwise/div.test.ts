import { div } from 'adjoint';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const formula = (a: number, b: number): number => a / b;

spec('div', div, { reference: broadcasting(formula), samples: binarySamples([-2, 2], [0.5, 3]) });
binaryClaims('div', div, { reference: formula, integers: 'float32' });
