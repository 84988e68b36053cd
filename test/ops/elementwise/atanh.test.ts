import { atanh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('atanh', atanh, { of: Math.atanh, ranges: [[-0.8, 0.8]], also: [1, -1, 1.5, 1e-8], whole: [0] });
