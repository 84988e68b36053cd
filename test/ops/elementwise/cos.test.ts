import { cos } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('cos', cos, { of: Math.cos, also: [1e5, -1e9, 3e38, Math.PI / 2] });
