import { sinh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('sinh', sinh, { of: Math.sinh, also: [88, -88, 1e-8] });
