import { promoteToFloat } from '../../core/dtype.js';
import { broadcastShapes } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { where } from '../indexing/where.js';
import { inFloat } from '../precision.js';
import { type BinaryFloat, named, operands } from './elementwise.js';
import { eq } from './eq.js';
import { le } from './le.js';
import { log } from './log.js';
import { logicalAnd, logicalOr } from './logical.js';
import { mul } from './mul.js';

/**
 * x · log y, and 0 where x is 0 and y is no number > 0: a term of an entropy, a count's share of a log-probability.
 * Elementwise with broadcasting; there the derivatives are 0 too.
 *
 * @param x  [...] or a number
 * @param y  [...] or a number
 * @returns  of the broadcast shape and the promoted dtype; integers give float32
 * @throws ShapeError "xlogy: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; …"
 */
export const xlogy: BinaryFloat = named('xlogy', (x: Tensor | number, y: Tensor | number) => {
  const [p, q] = operands('xlogy', x, y, promoteToFloat);
  broadcastShapes('xlogy', p.shape, q.shape);
  return inFloat([p, q], (x: Tensor, y: Tensor) => {
    const none = logicalAnd(eq(x, 0), logicalOr(le(y, 0), eq(y, Infinity)));
    return mul(x, log(where(none, 1, y) as Tensor));
  });
}) as BinaryFloat;
