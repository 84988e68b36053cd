import { sigmoid } from 'adjoint';
import { unary } from '../../elementwise.js';

const formula = (x: number): number => 1 / (1 + Math.exp(-x));

unary('sigmoid', sigmoid, { of: formula, also: [88, -80, 17] });
