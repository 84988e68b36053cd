import { softplus } from 'adjoint';
import { unary } from '../../elementwise.js';

const formula = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

unary('softplus', softplus, { of: formula, also: [88, -80, 30] });
