import { tan } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('tan', tan, { of: Math.tan, ranges: [[-1, 1]], also: [1e-8] });
