import { reciprocal } from 'adjoint';
import { unary } from '../../elementwise.js';

const formula = (x: number): number => 1 / x;

unary('reciprocal', reciprocal, { of: formula, ranges: [[0.5, 4]], also: [-2], whole: [1, 2, 3, 7] });
