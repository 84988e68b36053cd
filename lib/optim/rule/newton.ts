import { checkRange } from '../../backend/index.js';
import { StateError } from '../../core/errors.js';
import { decidedBy, everyStep } from '../../core/recording.js';
import { zerosLike } from '../../ops/creation/zeros_like.js';
import { eigh } from '../../ops/linalg/eigh.js';
import { concat } from '../../ops/shape/concat.js';
import { split } from '../../ops/shape/split.js';
import { stack } from '../../ops/shape/stack.js';
import { tensor } from '../../tensor/create.js';
import { liveNumber } from '../../tensor/live_number.js';
import { noGrad, propagate, seed, withRecording } from '../../tensor/tape.js';
import { overwrite, type Tensor } from '../../tensor/tensor.js';
import { type Closure, Optimizer, type OptimizerInput } from '../optimizer.js';

export interface NewtonOptions {
  /** Share of the way to where the quadratic model is stationary; ≥ 0; default 1. */
  lr: number;
  /** Added to every eigenvalue of the Hessian; ≥ 0; default 0. */
  damping: number;
  /** Divide by the eigenvalues' absolute values: saddle points repel instead of attracting; default false. */
  saddleFree: boolean;
}

const defaults: NewtonOptions = { lr: 1, damping: 0, saddleFree: false };

/**
 * Newton's method: goes to where the loss's quadratic model is stationary, a saddle point too. For small problems: the
 * Hessian of n parameters takes n backward passes, its eigenvectors n³ operations.
 *
 *   H = Q Λ Qᵀ,    θ = θ − lr · Q (Λ + damping)⁻¹ Qᵀ g        saddleFree: |Λ| in place of Λ
 *
 * `step` takes a closure that computes the loss alone, without backward; it returns that loss and sets no gradients.
 *
 *     const optimizer = new Newton([x]);
 *     const loss = optimizer.step(() => rosenbrock(x));
 *
 * @throws StateError "Newton.step: the Hessian must be invertible; got the eigenvalue 0; give a damping above 0"
 * @source lecture notes 002, line 711; saddle-free: Dauphin, Pascanu, Gulcehre, Cho, Ganguli, Bengio 2014,
 *         arXiv:1406.2572, algorithm 1
 */
export class Newton extends Optimizer<NewtonOptions> {
  constructor(parameters: OptimizerInput<NewtonOptions>, options: Partial<NewtonOptions> = {}) {
    super('Newton', parameters, defaults, options);
  }

  override step(closure: Closure): Tensor {
    if (typeof closure !== 'function') {
      throw new StateError(
        `Newton.step: a closure is needed, for the loss is differentiated twice; got ${typeof closure}; pass one that computes the loss alone`,
      );
    }
    const groups = this.groups.map((group) => {
      everyStep(() => this.check(this.name, group));
      return { group, parameters: group.parameters.filter(({ requiresGrad }) => requiresGrad) };
    });
    const loss = withRecording(true, closure);
    for (const { group, parameters } of groups) {
      if (parameters.length > 0) this.#update(loss, parameters, group);
    }
    return loss.detach();
  }

  /** Groups are minimised each by itself: the Hessian's blocks between them are left out. */
  #update(loss: Tensor, parameters: readonly Tensor[], options: NewtonOptions): void {
    const { gradient, hessian } = derivatives(loss, parameters);
    noGrad(() => {
      const { values, vectors } = eigh(hessian.add(hessian.transpose()).mul(0.5));
      const signed = decidedBy(() => options.saddleFree) ? values.abs() : values;
      const curvature = signed.add(liveNumber(signed.dtype, () => options.damping));
      // 0 is the one number whose reciprocal is not finite.
      checkRange(
        curvature.reciprocal(),
        { low: -Number.MAX_VALUE, high: Number.MAX_VALUE },
        (inverse) =>
          new StateError(
            `Newton.step: the Hessian must be invertible; got the eigenvalue ${1 / inverse}; give a damping above 0`,
          ),
      );
      const along = vectors.transpose().matmul(gradient.unsqueeze(-1)).squeeze(-1);
      const way = vectors.matmul(along.div(curvature).unsqueeze(-1)).squeeze(-1);
      const step = way.mul(liveNumber(way.dtype, () => options.lr));
      const parts = split(
        step,
        parameters.map(({ size }) => size),
      );
      parameters.forEach((parameter, i) => {
        overwrite('Newton.step', parameter, parameter.sub(parts[i].reshape(parameter.shape).to(parameter.dtype)));
      });
    });
  }
}

/** All first and second derivatives by the parameters, in the order of their elements. */
function derivatives(loss: Tensor, parameters: readonly Tensor[]): { gradient: Tensor; hessian: Tensor } {
  const flat = (gradients: readonly (Tensor | null)[]): Tensor =>
    concat(gradients.map((gradient, i) => (gradient ?? zerosLike(parameters[i])).reshape([-1])));
  const first = propagate([loss], [seed('Newton.step', loss, undefined)], parameters, {
    retainGraph: true,
    createGraph: true,
  });
  const gradient = withRecording(true, () => flat(first));
  const rows = Array.from({ length: gradient.size }, (_, i) => {
    const unit = tensor(Float64Array.from({ length: gradient.size }, (_, j) => Number(i === j))).to(gradient.dtype);
    if (gradient.node === null) return zerosLike(unit);
    return flat(propagate([gradient], [unit], parameters, { retainGraph: true, createGraph: false }));
  });
  return { gradient: gradient.detach(), hessian: stack(rows) };
}
