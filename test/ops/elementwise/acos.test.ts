import { acos } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('acos', acos, { of: Math.acos, ranges: [[-0.8, 0.8]], also: [1, -1, 1.5], whole: [0, 1] });
