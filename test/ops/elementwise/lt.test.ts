import { lt } from 'adjoint';
import { comparisonClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const holds = (a: number, b: number): number => Number(a < b);

spec('lt', lt, { reference: broadcasting(holds), samples: binarySamples(), differentiable: false });
comparisonClaims('lt', lt, holds);
