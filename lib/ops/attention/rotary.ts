import { checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { tensor } from '../../tensor/create.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { cos } from '../elementwise/cos.js';
import { mul } from '../elementwise/mul.js';
import { sin } from '../elementwise/sin.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { slice } from '../shape/slice.js';
import { stack } from '../shape/stack.js';
import { to } from '../shape/to.js';

export interface RotaryOptions {
  /** The angle of a position falls from 1 radian in the first pair to about 1 / base in the last; > 0; default 10000. */
  base?: number;
  /** [L] int32 or floating: where each vector stands; default 0 … L − 1. */
  positions?: Optional;
}

/**
 * Turns each pair of neighbours in a vector by an angle that grows with its position t, so that the product of two
 * vectors depends on how far apart they stand:
 *
 *   y₂ₖ = x₂ₖ cos θ − x₂ₖ₊₁ sin θ      y₂ₖ₊₁ = x₂ₖ sin θ + x₂ₖ₊₁ cos θ      θ = t · base^(−2k / E)
 *
 * @param x  [..., L, E], E even
 * @returns  of x's shape; integers give float32
 * @throws ShapeError "rotary: x must have an even width, its last axis; got [4, 3]"
 * @throws ShapeError "rotary: positions must be [4], one for each vector of x [2, 4, 6]; got [3]"
 * @source Su, Lu, Pan, Murtadha, Wen, Liu 2021, arXiv:2104.09864, equation 34
 */
export function rotary<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  { base = 10000, positions }: RotaryOptions = {},
): Tensor<S, Floating<D>> {
  checkRank('rotary', 'x', x, ['...', 'length', 'width']);
  checkPositive('rotary', 'base', base);
  const { shape }: { shape: Shape } = x;
  const [length, width] = shape.slice(-2);
  if (width % 2 !== 0) throw new ShapeError(`rotary: x must have an even width, its last axis; got ${show(shape)}`);
  if (positions) checkPositions(positions, shape);
  return inFloat([x], (x: Tensor) => {
    const at = positions ? to(positions as Tensor, x.dtype) : arange(length, { dtype: x.dtype });
    const frequencies = Float64Array.from({ length: width / 2 }, (_, k) => base ** ((-2 * k) / width));
    const angles: Tensor = mul(at.reshape([length, 1]), tensor(frequencies, { dtype: x.dtype }));
    const [c, s] = [cos(angles), sin(angles)];
    const pairs: Tensor = x.reshape([...shape.slice(0, -1), width / 2, 2]);
    const [even, odd]: Tensor[] = [slice(pairs, '...', 0), slice(pairs, '...', 1)];
    const turned: Tensor = stack([sub(mul(even, c), mul(odd, s)), add(mul(even, s), mul(odd, c))], -1);
    return turned.reshape(shape);
  }) as Tensor<S, Floating<D>>;
}

function checkPositions(positions: Tensor, shape: Shape): void {
  checkTensor('rotary', positions);
  const length = shape[shape.length - 2];
  if (positions.rank !== 1 || positions.size !== length) {
    throw new ShapeError(
      `rotary: positions must be [${length}], one for each vector of x ${show(shape)}; got ${show(positions.shape)}`,
    );
  }
  if (positions.dtype === 'bool') {
    throw new DTypeError("rotary: positions must be numbers; got bool; convert with to('int32')");
  }
}
