import { atan } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('atan', atan, { of: Math.atan, also: [1, 1e10] });
