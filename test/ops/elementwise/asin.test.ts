import { asin } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('asin', asin, { of: Math.asin, ranges: [[-0.8, 0.8]], also: [1, -1, 1.5], whole: [0, 1] });
