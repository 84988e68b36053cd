import { log1p } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('log1p', log1p, { of: Math.log1p, ranges: [[-0.8, 4]], also: [-1, 1e-8, -2, 1e10] });
