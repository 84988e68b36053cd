import { sqrt } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('sqrt', sqrt, { of: Math.sqrt, ranges: [[0.2, 4]], also: [4, -1] });
