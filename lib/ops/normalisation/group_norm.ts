import { kernel, run } from '../../backend/index.js';
import { checkPositive, checkWhole } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { rsqrt } from '../elementwise/rsqrt.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { contiguous } from '../shape/contiguous.js';

export interface GroupNormOptions {
  /** [C], factor of each channel; default 1. */
  weight?: Optional;
  /** [C], added to each channel; default 0. */
  bias?: Optional;
  /** Added to the (biased) variance; > 0; default 1e-5. */
  eps?: number;
}

/**
 * Normalises every group of neighbouring channels of every sample to mean 0 and variance 1, then scales and shifts each
 * channel:
 *
 *   y = weight · (x − mean x) / √(variance x + eps) + bias
 *
 * Mean and variance are those of the C / groups channels and all their positions. One group normalises like `layerNorm`,
 * as many groups as channels are instance normalisation.
 *
 * @param x       [N, C, ...]
 * @param groups  how many; divides C
 * @returns       of x's shape
 * @throws ShapeError "groupNorm: the channels of x [8, 6, 4] must fall into 4 equal groups; got 6 channels"
 * @source Wu, He 2018, arXiv:1803.08494, section 3.1
 */
export function groupNorm<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  groups: number,
  { weight, bias, eps = 1e-5 }: GroupNormOptions = {},
): Tensor<S, Floating<D>> {
  checkRank('groupNorm', 'x', x, ['batch', 'channels', '...']);
  checkWhole('groupNorm', 'groups', groups, 1);
  const [batch, channels, ...plane] = x.shape as Shape;
  if (channels % groups !== 0) {
    throw new ShapeError(
      `groupNorm: the channels of x ${show(x.shape)} must fall into ${groups} equal groups; got ${channels} channels`,
    );
  }
  checkShapes('groupNorm', { weight, bias }, [channels], () => `one for each channel of x ${show(x.shape)}`);
  checkPositive('groupNorm', 'eps', eps);
  return inFloat([x, weight, bias], (x, weight, bias) =>
    normalise(x.reshape([batch, groups, channels / groups, sizeOf(plane)]), weight, bias, eps).reshape(x.shape),
  );
}

// Mean 1, variance 3, y 3; sums of dy and dy · x̂ 5, dx 7.
kernel('groupNorm', { writes: 3, flops: 7 });
kernel('groupNormGradient', { writes: 3, flops: 12 });

/** A number for each channel, [C], beside x [N, groups, C / groups, elements of a plane]. */
const channelwise = (x: Tensor, vector: Tensor): Tensor => vector.reshape([x.shape[1], x.shape[2], 1]);

/** Groups [N, groups, C / groups, elements of a plane] with weight and bias [C]. */
const normalise = fused(
  'groupNorm',
  (x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number) => {
    const centred = sub(x, mean(x, [2, 3], { keepDims: true }));
    const y = mul(centred, rsqrt(add(mean(square(centred), [2, 3], { keepDims: true }), eps)));
    const scaled = weight ? mul(y, channelwise(x, weight)) : y;
    return bias ? add(scaled, channelwise(x, bias)) : scaled;
  },
  (x, weight, bias, eps) => {
    const { dtype } = x;
    const [batch, groups, size] = x.shape;
    const channels = [groups * size];
    const rows = contiguous(x);
    const factor = contiguous(weight ?? fill(channels, 1, dtype));
    const y: Tensor = empty(x.shape, dtype);
    const average = empty([batch * groups], dtype);
    const rstd = empty([batch * groups], dtype);
    run('groupNorm', [y, average, rstd, rows, factor, contiguous(bias ?? fill(channels, 0, dtype))], [eps]);
    return {
      result: y,
      saved: [x, weight],
      // dx = rstd · (g − mean g − x̂ · mean(g · x̂)),  g = weight · dy;   dweight = Σ dy · x̂;   dbias = Σ dy
      backward: (dy) => {
        const dx: Tensor = empty(rows.shape, dtype);
        const dweight = empty(channels, dtype);
        const dbias = empty(channels, dtype);
        run('groupNormGradient', [dx, dweight, dbias, contiguous(dy), rows, average, rstd, factor]);
        return [dx, dweight, dbias];
      },
    };
  },
);
