import { log } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('log', log, { of: Math.log, ranges: [[0.1, 4]], also: [1, 0.999999, 1e-38, -1], whole: [1, 2, 3, 7] });
