import { ne } from 'adjoint';
import { comparisonClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const holds = (a: number, b: number): number => Number(a !== b);

spec('ne', ne, { reference: broadcasting(holds), samples: binarySamples(), differentiable: false });
comparisonClaims('ne', ne, holds);
