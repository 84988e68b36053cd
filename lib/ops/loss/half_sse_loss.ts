import { reducedLoss } from './loss.js';
import { squaredErrors } from './mse_loss.js';

/**
 * Half of the squared error: ½ · (input − target)², reduced; its derivative is the difference. The sum of squared errors,
 * halved, is reduction 'sum'.
 *
 * @param input   [...]
 * @param target  of input's shape
 * @returns       [], or with reduction 'none' of input's shape
 * @source lecture notes 003, lines 54–56, C = ½ (a − y)²
 */
export const halfSseLoss = reducedLoss('halfSseLoss', (x, t, { reduction = 'mean' }) =>
  squaredErrors(x, t, { reduction, scale: 0.5 }),
);
