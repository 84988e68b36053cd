import { log2 } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('log2', log2, { of: Math.log2, ranges: [[0.1, 4]], also: [1, 2, 1024, 0.125, -1], whole: [1, 2, 3, 8] });
