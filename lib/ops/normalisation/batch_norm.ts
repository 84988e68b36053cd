import { kernel, run } from '../../backend/index.js';
import { checkFraction, checkPositive } from '../../core/check.js';
import type { DType, Floating } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty, emptyLike, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { isTracked, noGrad } from '../../tensor/tape.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { rsqrt } from '../elementwise/rsqrt.js';
import { square } from '../elementwise/square.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { reducedCount } from '../reduction/reduction.js';
import { contiguous } from '../shape/contiguous.js';
import { to } from '../shape/to.js';

export interface BatchNormOptions {
  /** [C], factor of each channel; default 1. */
  weight?: Optional;
  /** [C], added to each channel; default 0. */
  bias?: Optional;
  /** Normalise by the batch's own statistics and move the running ones towards them; default false. */
  training?: boolean;
  /** Share of the batch's statistics in the new running ones; within 0 … 1; a tensor [] where it changes; default 0.1. */
  momentum?: number | Tensor<[]>;
  /** Added to the variance; > 0; default 1e-5. */
  eps?: number;
}

/**
 * Normalises each channel to mean 0 and variance 1, then scales and shifts it:
 *
 *   y = weight · (x − mean) / √(variance + eps) + bias
 *
 * In training, and where there are no running statistics, mean and (biased) variance are the batch's, over all axes but the
 * channels'. In training the running ones are then overwritten: (1 − momentum) · running + momentum · batch, the variance
 * with the unbiased one. Otherwise the running statistics are used.
 *
 * @param x            [N, C, ...]
 * @param runningMean  [C], or null
 * @param runningVar   [C], or null
 * @returns            of x's shape
 * @throws ValueError "batchNorm: training needs more than 1 value per channel; got x [1, 8]; use a larger batch, or eval()"
 * @source Ioffe, Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2
 */
export function batchNorm<S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor<S, Floating<D>> {
  const { weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkRank('batchNorm', 'x', x, ['batch', 'channels', '...']);
  checkShapes(
    'batchNorm',
    { runningMean, runningVar, weight, bias },
    [x.shape[1]],
    () => `one for each channel of x ${show(x.shape)}`,
  );
  checkPositive('batchNorm', 'eps', eps);
  if (typeof momentum === 'number') checkFraction('batchNorm', 'momentum', momentum);
  if (!training && runningMean !== null && runningVar !== null) {
    return inFloat([x, weight, bias], (x, weight, bias) =>
      rescale(x, runningMean, rsqrt(add(to(runningVar, x.dtype), eps)), weight, bias),
    );
  }
  const count = reducedCount(x.shape, statisticAxes(x));
  if (training && count <= 1) {
    throw new ValueError(
      `batchNorm: training needs more than 1 value per channel; got x ${show(x.shape)}; use a larger batch, or eval()`,
    );
  }
  const statistics: Statistics = {};
  const y = inFloat([x, weight, bias], (x, weight, bias) => normalise(x, weight, bias, eps, statistics));
  if (training) {
    follow(runningMean, statistics.mean, 1, momentum);
    follow(runningVar, statistics.variance, count / (count - 1), momentum);
  }
  return y;
}

/** Moves a running statistic towards the batch's. */
function follow(
  running: Tensor | null,
  batch: Tensor | undefined,
  correction: number,
  momentum: number | Tensor<[]>,
): void {
  if (running === null || batch === undefined) return;
  const [rest, share] =
    typeof momentum === 'number'
      ? [1 - momentum, correction * momentum]
      : [sub(1, momentum), mul(momentum, correction)];
  noGrad(() => running.assign(add(mul(running, rest), mul(batch, share))));
}

const statisticAxes = (x: Tensor): number[] =>
  x.shape.map((_: number, i: number) => i).filter((axis: number) => axis !== 1);

/** [C] as a tensor that broadcasts along x's channels. */
const channels = (x: Tensor, vector: Tensor): Tensor => vector.reshape([x.shape[1], ...x.shape.slice(2).fill(1)]);

/** Normalises by statistics that are given. */
function rescale(x: Tensor, mean: Tensor, rstd: Tensor, weight?: Tensor, bias?: Tensor): Tensor {
  const scale = weight ? mul(rstd, weight) : rstd;
  const shift = mul(mean, scale);
  return scaleShift(x, scale, bias ? sub(bias, shift) : mul(shift, -1));
}

kernel('scaleShift', { flops: 2 });
// dx 1, products and two sums 3.
kernel('scaleShiftGradient', { writes: 3, flops: 4 });

/** x · scale + shift, [C]. */
const scaleShift = fused(
  'scaleShift',
  (x: Tensor, scale: Tensor, shift: Tensor) => add(mul(x, channels(x, scale)), channels(x, shift)),
  (x, scale, shift) => {
    const y = emptyLike(x);
    run('scaleShift', [y, x, channels(x, scale.detach()), channels(x, shift.detach())]);
    const learned = isTracked(scale) || isTracked(shift);
    return {
      result: y,
      saved: [x, scale],
      // dx = dy · scale;   dscale = Σ dy · x;   dshift = Σ dy
      backward: (dy) => {
        if (!learned) return [mul(dy, channels(x, scale.detach()))];
        const [dx, dscale, dshift] = [emptyLike(y), emptyLike(scale), emptyLike(scale)];
        run('scaleShiftGradient', [planes(dx), dscale, dshift, planes(dy), planes(x), contiguous(scale)]);
        return [dx, dscale, dshift];
      },
    };
  },
);

/** The batch's statistics, [C], which a caller takes beside the result. */
interface Statistics {
  mean?: Tensor;
  variance?: Tensor;
}

// Mean 1, variance 3, y 3; sums of dy and dy · (x − mean) 4, dx 5.
kernel('batchNorm', { writes: 3, flops: 7 });
kernel('batchNormGradient', { writes: 3, flops: 9 });

/** Normalises by the batch's own statistics. */
const normalise = fused(
  'batchNorm',
  (x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number, statistics: Statistics) => {
    const axes = statisticAxes(x);
    const average: Tensor = mean(x, axes, { keepDims: true });
    const centred = sub(x, average);
    const variance: Tensor = mean(square(centred), axes, { keepDims: true });
    statistics.mean = average.detach().reshape([x.shape[1]]);
    statistics.variance = variance.detach().reshape([x.shape[1]]);
    const y = mul(centred, rsqrt(add(variance, eps)));
    const scaled = weight ? mul(y, channels(x, weight)) : y;
    return bias ? add(scaled, channels(x, bias)) : scaled;
  },
  (x, weight, bias, eps, statistics) => {
    const { dtype } = x;
    const size = [x.shape[1]];
    const average = empty(size, dtype);
    const variance = empty(size, dtype);
    const images = planes(x);
    const factor = contiguous(weight ?? fill(size, 1, dtype));
    const y = empty(x.shape, dtype);
    run('batchNorm', [planes(y), average, variance, images, factor, contiguous(bias ?? fill(size, 0, dtype))], [eps]);
    Object.assign(statistics, { mean: average, variance });
    return {
      result: y,
      saved: [x, weight],
      // dx = weight · rstd · (dy − mean dy − x̂ · mean(dy · x̂));   dweight = Σ dy · x̂;   dbias = Σ dy
      backward: (dy) => {
        const dx = emptyLike(y);
        const dweight = empty(size, dtype);
        const dbias = empty(size, dtype);
        run('batchNormGradient', [planes(dx), dweight, dbias, planes(dy), images, average, variance, factor], [eps]);
        return [dx, dweight, dbias];
      },
    };
  },
);

/** What kernels read: [N, C, elements of a plane], row-major. */
function planes(x: Tensor): Tensor {
  const [n, c, ...plane] = x.shape;
  return contiguous(x).reshape([n, c, sizeOf(plane)]);
}
