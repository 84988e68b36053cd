import { eq } from 'adjoint';
import { comparisonClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const holds = (a: number, b: number): number => Number(a === b);

spec('eq', eq, { reference: broadcasting(holds), samples: binarySamples(), differentiable: false });
comparisonClaims('eq', eq, holds);
