import { ShapeError } from '../core/errors.js';
import { show } from '../core/shape.js';
import type { IsAny, Shape } from '../core/types.js';
import { slice } from '../ops/shape/slice.js';
import { stack } from '../ops/shape/stack.js';
import type { Tensor } from '../tensor/tensor.js';
import { grad } from './grad.js';
import { checkedLeaves, leaves, rebuild, type Tree } from './tree.js';

/** A tree with an axis of unknown size before those of each leaf. */
export type PerSample<T> =
  T extends Tensor<infer S, infer D> ? Tensor<Prefixed<S>, D> : { [K in keyof T]: PerSample<T[K]> };
type Prefixed<S extends Shape> = IsAny<S> extends true ? any : [number, ...S];

/**
 * The gradient of each example's loss with respect to the first argument, stacked along a new axis 0: for clipping each
 * one's share (differential privacy), for gradient noise, for influence.
 *
 *   g[i] = ∂ f(θ, x[i : i + 1], y[i : i + 1], …) / ∂θ
 *
 * f sees batches of one example, so that what is written for batches fits as it is; where its loss is a mean over the
 * batch, the mean of g over axis 0 is the batch's gradient. Computed in a loop over the examples, each a forward and a
 * backward.
 *
 *     const gradients = perSampleGrad((p, x, y) => crossEntropy(linear(x, p.w, p.b), y));
 *     gradients({ w, b }, images, labels).w        // [N, …w.shape]
 *
 * @param f  of the parameters, then of tensors (or nested arrays and objects of tensors) with the examples along axis
 *           0; returns a tensor with one element
 * @throws ShapeError "perSampleGrad: the examples must be equally many in each tensor, at least 1, along axis 0; got
 *         shapes [8, 3] and [7]"
 */
export function perSampleGrad<T extends Tree = Tensor, B extends readonly Tree[] = Tensor[]>(
  f: (parameters: T, ...batch: B) => Tensor,
): (parameters: T, ...batch: B) => PerSample<T> {
  const gradient = grad(f);
  return (parameters, ...batch) => {
    const tensors = checkedLeaves('perSampleGrad', 'the batch', batch);
    const count: number = tensors[0]?.shape[0] ?? 0;
    if (count === 0 || tensors.some(({ shape }) => shape[0] !== count)) {
      throw new ShapeError(
        'perSampleGrad: the examples must be equally many in each tensor, at least 1, along axis 0; got ' +
          `${tensors.length === 0 ? 'no tensor' : `shapes ${tensors.map(({ shape }) => show(shape)).join(' and ')}`}`,
      );
    }
    const gradients = Array.from({ length: count }, (_, i) => {
      const example = rebuild<B>(
        batch,
        tensors.map((x) => slice(x, [i, i + 1])),
      );
      return leaves(gradient(parameters, ...example));
    });
    const stacked = gradients[0].map((_, leaf) => stack(gradients.map((g) => g[leaf])));
    return rebuild(parameters, stacked);
  };
}
