import { exp } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('exp', exp, { of: Math.exp, also: [88.7, 88.8, -103.9, -104.1, 709.7, -745] });
