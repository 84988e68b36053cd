import { checkArray, checkFunction } from '../core/check.js';
import { DTypeError, ValueError } from '../core/errors.js';
import { fromStorage, tensor } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';
import { jvp } from './jvp.js';
import { vjp } from './vjp.js';

export interface GradcheckOptions {
  /** 1 checks gradients, 2 also the gradients of gradients, 3 also theirs; default 1. */
  order?: 1 | 2 | 3;
  /** Also checks the derivative in forward mode, by `jvp`, along one irregular direction; default false. */
  forward?: boolean;
  /** Step of the central difference; default 1e-6. */
  eps?: number;
  /** Absolute tolerance; default 1e-5. */
  atol?: number;
  /** Relative tolerance; default 1e-3. */
  rtol?: number;
}

type TensorFunction = (...inputs: Tensor[]) => Tensor;

/**
 * Compares the gradients of a function with central finite differences, (f(x + ε) − f(x − ε)) / 2ε, element by element;
 * throws a ValueError that names the input, the element and both values where they differ.
 *
 * Inputs are float64; a float32 step has no correct digits left. The function's result is weighted with fixed numbers,
 * so that a result of any shape is checked whole. With order 2 the gradient itself, as a function of the inputs and of
 * the gradient it starts from, is checked likewise, and with order 3 the gradient of that.
 *
 * @param f       of the inputs; the same result for the same inputs
 * @param inputs  float64
 */
export function gradcheck(f: TensorFunction, inputs: readonly Tensor[], options: GradcheckOptions = {}): void {
  checkFunction('gradcheck', 'f', f);
  checkArray('gradcheck', 'inputs', inputs);
  for (const x of inputs) {
    checkTensor('gradcheck', x);
    if (x.dtype !== 'float64')
      throw new DTypeError(`gradcheck: inputs must be float64; got ${x.dtype}; convert with to('float64')`);
  }
  if (options.forward) checkForward(f, inputs, options);
  const orders = ['gradcheck', 'gradcheck, second order', 'gradcheck, third order'].slice(0, options.order ?? 1);
  let [g, at] = [f, inputs];
  orders.forEach((name, i) => {
    if (i > 0) [g, at] = derivative(g, at);
    check(name, g, at, options);
  });
}

/** One number that depends on every element of every gradient of f, as a function of its inputs and of the seed. */
function derivative(f: TensorFunction, inputs: readonly Tensor[]): [TensorFunction, readonly Tensor[]] {
  const dy = weights(noGrad(() => f(...inputs)));
  const gradient = (...all: Tensor[]): Tensor => {
    const [, pullback] = vjp(f, ...all.slice(0, -1));
    return pullback(all[all.length - 1])
      .map((dx) => dx.mul(weights(dx)).sum())
      .reduce((a, b) => a.add(b), tensor(0, { dtype: 'float64' }));
  };
  return [gradient, [...inputs, dy]];
}

function checkForward(f: TensorFunction, inputs: readonly Tensor[], options: GradcheckOptions): void {
  const { eps = 1e-6 } = options;
  const tangents = inputs.map(weights);
  const [, forward] = jvp(f, [...inputs], tangents);
  const at = (shift: number): ArrayLike<number> =>
    noGrad(() => f(...inputs.map((x, i) => x.add(tangents[i].mul(shift))))).data();
  const [above, below] = [at(eps), at(-eps)];
  forward.data().forEach((exact: number, e: number) => {
    // 0 also where both are the same infinity.
    const numeric = above[e] === below[e] ? 0 : (above[e] - below[e]) / (2 * eps);
    compare(`gradcheck, forward mode: element ${e}: jvp gives`, exact, numeric, options);
  });
}

function check(name: string, f: TensorFunction, inputs: readonly Tensor[], options: GradcheckOptions): void {
  const { eps = 1e-6 } = options;
  const [y, pullback] = vjp(f, ...inputs);
  const gradients = pullback(weights(y));
  const value = (xs: readonly Tensor[]): number => {
    const result = f(...xs);
    return Number(result.detach().mul(weights(result)).sum().item());
  };

  inputs.forEach((input, i) => {
    const analytic = gradients[i].data();
    const original = input.data() as Float64Array;
    for (let e = 0; e < original.length; e++) {
      const at = (shift: number): number => {
        const moved = original.slice();
        moved[e] += shift;
        return value(inputs.map((x, j) => (j === i ? fromStorage(moved, x.shape, 'float64') : x)));
      };
      const numeric = (at(eps) - at(-eps)) / (2 * eps);
      compare(`${name}: input ${i}, element ${e}: backward gives`, analytic[e], numeric, options);
    }
  });
}

function compare(what: string, exact: number, numeric: number, { atol = 1e-5, rtol = 1e-3 }: GradcheckOptions): void {
  if (Math.abs(numeric - exact) <= atol + rtol * Math.abs(numeric)) return;
  throw new ValueError(`${what} ${exact}, finite differences ${numeric}; look at the op's backward`);
}

/** Fixed, irregular numbers of x's shape: a sum weighted with them hides no element. */
function weights(x: Tensor): Tensor {
  const values = Float64Array.from({ length: x.size }, (_, i) => Math.sin(1.3 * i + 0.7) + 0.2 * Math.cos(2.9 * i));
  return fromStorage(values, x.shape, 'float64');
}
