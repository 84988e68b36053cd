import { le } from 'adjoint';
import { comparisonClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const holds = (a: number, b: number): number => Number(a <= b);

spec('le', le, { reference: broadcasting(holds), samples: binarySamples(), differentiable: false });
comparisonClaims('le', le, holds);
