import { sin } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('sin', sin, { of: Math.sin, also: [1e5, -1e9, 3e38, Math.PI, 1e-8] });
