import { DTypeError, ValueError } from '../core/errors.js';
import { fromStorage } from '../tensor/create.js';
import { isTracked, noGrad, propagate } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';

export interface GradcheckOptions {
  /** 1 checks gradients, 2 also the gradients of gradients; default 1. */
  order?: 1 | 2;
  /** Step of the central difference; default 1e-6. */
  eps?: number;
  /** Absolute tolerance; default 1e-5. */
  atol?: number;
  /** Relative tolerance; default 1e-3. */
  rtol?: number;
}

/**
 * Compares the gradients of a function with central finite differences, (f(x + ε) − f(x − ε)) / 2ε, element by element;
 * throws a ValueError that names the input, the element and both values where they differ.
 *
 * Inputs are float64; a float32 step has no correct digits left. The function's result is weighted with fixed numbers, so
 * that a result of any shape is checked whole. With order 2 the gradient itself, as a function of the inputs and of the
 * gradient it starts from, is checked likewise.
 *
 * @param f       of the inputs; the same result for the same inputs
 * @param inputs  float64
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  for (const x of inputs) {
    if (x.dtype !== 'float64')
      throw new DTypeError(`gradcheck: inputs must be float64; got ${x.dtype}; convert with to('float64')`);
  }
  check('gradcheck', f, inputs, options);
  if (options.order !== 2) return;

  const dy = weights(noGrad(() => f(...inputs)));
  const gradient = (...all: Tensor[]): Tensor => {
    const xs = all.slice(0, -1).map((x) => (isTracked(x) ? x : x.detach().requireGrad()));
    const y = f(...xs);
    const dxs = isTracked(y) ? propagate([y], [all[all.length - 1]], xs, { retainGraph: true, createGraph: true }) : [];
    // One number that depends on every element of every gradient.
    return dxs
      .map((dx, i) => (dx === null ? null : dx.mul(weights(xs[i])).sum()))
      .reduce<Tensor>((total, part) => (part === null ? total : total.add(part)), dy.mul(0).sum());
  };
  check('gradcheck, second order', gradient, [...inputs, dy], options);
}

function check(
  name: string,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 }: GradcheckOptions,
): void {
  const leaves = inputs.map((x) => x.detach().requireGrad());
  const y = f(...leaves);
  const gradients = isTracked(y)
    ? propagate([y], [weights(y)], leaves, { retainGraph: false, createGraph: false })
    : [];
  const value = (xs: readonly Tensor[]): number => {
    const result = f(...xs);
    return Number(result.detach().mul(weights(result)).sum().item());
  };

  inputs.forEach((input, i) => {
    const analytic = gradients[i]?.data();
    const original = input.data() as Float64Array;
    for (let e = 0; e < original.length; e++) {
      const at = (shift: number): number => {
        const moved = original.slice();
        moved[e] += shift;
        return value(inputs.map((x, j) => (j === i ? fromStorage(moved, x.shape, 'float64') : x)));
      };
      const numeric = (at(eps) - at(-eps)) / (2 * eps);
      const exact = analytic?.[e] ?? 0;
      if (!(Math.abs(numeric - exact) <= atol + rtol * Math.abs(numeric))) {
        throw new ValueError(
          `${name}: input ${i}, element ${e}: backward gives ${exact}, finite differences ${numeric}; look at the op's backward`,
        );
      }
    }
  });
}

/** Fixed, irregular numbers of x's shape: a sum weighted with them hides no element. */
function weights(x: Tensor): Tensor {
  const values = Float64Array.from({ length: x.size }, (_, i) => Math.sin(1.3 * i + 0.7) + 0.2 * Math.cos(2.9 * i));
  return fromStorage(values, x.shape, 'float64');
}
