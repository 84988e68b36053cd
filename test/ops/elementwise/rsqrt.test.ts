import { rsqrt } from 'adjoint';
import { unary } from '../../elementwise.js';

const formula = (x: number): number => 1 / Math.sqrt(x);

unary('rsqrt', rsqrt, { of: formula, ranges: [[0.3, 4]], also: [4, -1], whole: [1, 2, 3, 7] });
