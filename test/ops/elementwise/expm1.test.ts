import { expm1 } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('expm1', expm1, { of: Math.expm1, also: [1e-8, -1e-8, 88.7, -20] });
