import { tanh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('tanh', tanh, { of: Math.tanh, also: [1e-8, 9.1, -9.1, 20] });
