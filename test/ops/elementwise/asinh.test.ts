import { asinh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('asinh', asinh, { of: Math.asinh, also: [1e-8, 1e10] });
