import { ceil } from 'adjoint';
import { unary } from '../../elementwise.js';

unary('ceil', ceil, {
  of: Math.ceil,
  ranges: [[-9, 9]],
  differentiable: false,
  also: [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388607.5, 16777216, -1.2],
});
