import { acosh } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('acosh', acosh, { of: Math.acosh, ranges: [[1.3, 4]], also: [1, 0.5], whole: [1, 2, 3, 7] });
