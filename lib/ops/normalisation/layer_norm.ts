import { kernel, run } from '../../backend/index.js';
import { checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkShape, sameShape, show, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { rsqrt } from '../elementwise/rsqrt.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { contiguous } from '../shape/contiguous.js';

export interface LayerNormOptions {
  /** Of normalizedShape, factor of each element; default 1. */
  weight?: Optional;
  /** Of normalizedShape, added to each element; default 0. */
  bias?: Optional;
  /** Added to the (biased) variance; > 0; default 1e-5. */
  eps?: number;
}

/**
 * Normalises the last axes to mean 0 and variance 1, then scales and shifts them:
 *
 *   y = weight · (x − mean x) / √(variance x + eps) + bias
 *
 * @param x                [..., ...normalizedShape]
 * @param normalizedShape  the last axes, at least one
 * @returns                of x's shape
 * @throws ShapeError "layerNorm: the last axes of x must be [768]; got [8, 16, 512]"
 * @source Ba, Kiros, Hinton 2016, arXiv:1607.06450, section 3
 */
export function layerNorm<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  normalizedShape: readonly number[],
  { weight, bias, eps = 1e-5 }: LayerNormOptions = {},
): Tensor<S, Floating<D>> {
  checkTensor('layerNorm', x);
  checkShape('layerNorm', normalizedShape);
  const { length } = normalizedShape;
  if (length === 0 || !sameShape(x.shape.slice(-length), normalizedShape)) {
    throw new ShapeError(`layerNorm: the last axes of x must be ${show(normalizedShape)}; got ${show(x.shape)}`);
  }
  checkShapes('layerNorm', { weight, bias }, normalizedShape, () => `the last axes of x ${show(x.shape)}`);
  checkPositive('layerNorm', 'eps', eps);
  const size = sizeOf(normalizedShape);
  const rows = sizeOf(x.shape.slice(0, -length));
  return inFloat([x, weight, bias], (x, weight, bias) =>
    normalise(x.reshape([rows, size]), weight?.reshape([size]), bias?.reshape([size]), eps).reshape(x.shape),
  );
}

// Mean 1, variance 3, y 4; weight · dy and x̂ 3, their sums 3, the parameters' 3, dx 4.
kernel('layerNorm', { writes: 3, flops: 8 });
kernel('layerNormGradient', { writes: 3, flops: 13 });

/** Rows [rows, size] with weight and bias [size]. */
const normalise = fused(
  'layerNorm',
  (x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number) => {
    const centred = sub(x, mean(x, 1, { keepDims: true }));
    const y = mul(centred, rsqrt(add(mean(square(centred), 1, { keepDims: true }), eps)));
    const scaled = weight ? mul(y, weight) : y;
    return bias ? add(scaled, bias) : scaled;
  },
  (x, weight, bias, eps) => {
    const { dtype } = x;
    const [rows, size] = x.shape;
    const rowsOfX = contiguous(x);
    const factor = contiguous(weight ?? fill([size], 1, dtype));
    const y = emptyLike(x);
    const average = empty([rows], dtype);
    const rstd = empty([rows], dtype);
    run('layerNorm', [y, average, rstd, rowsOfX, factor, contiguous(bias ?? fill([size], 0, dtype))], [eps]);
    return {
      result: y,
      saved: [x, weight],
      // dx = rstd · (g − mean g − x̂ · mean(g · x̂)),  g = weight · dy;   dweight = Σ dy · x̂;   dbias = Σ dy
      backward: (dy) => {
        const dx = emptyLike(x);
        const dweight = empty([size], dtype);
        const dbias = empty([size], dtype);
        run('layerNormGradient', [dx, dweight, dbias, contiguous(dy), rowsOfX, average, rstd, factor]);
        return [dx, dweight, dbias];
      },
    };
  },
);
