import { cosh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('cosh', cosh, { of: Math.cosh, also: [88, -88] });
