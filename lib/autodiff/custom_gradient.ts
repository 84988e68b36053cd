import { ShapeError, StateError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { held } from '../tensor/gradients.js';
import { type Gradient, noGrad, record } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';

/** What a function with its own gradient returns. */
export interface CustomResult<T extends Tensor> {
  value: T;
  /** From ∂L/∂value to ∂L/∂input for each input, null where there is none; made of ops, so that it can be differentiated. */
  backward: (dy: T) => readonly (Tensor | null)[];
}

/**
 * A function whose gradient is given by hand instead of found by the tape: straight-through estimators, reversed or
 * clipped gradients, numerically better formulas.
 *
 *     const straightThrough = customGradient((x: Tensor) => ({ value: x.round(), backward: (dy) => [dy] }));
 *
 * @param f  computes the value (unrecorded) and says how gradients pass back through it
 */
export function customGradient<A extends readonly Tensor[], T extends Tensor>(
  f: (...inputs: A) => CustomResult<T>,
): (...inputs: A) => T {
  return (...inputs) => {
    const returned: Partial<CustomResult<T>> | undefined = noGrad(() => f(...inputs));
    const { value, backward } = returned ?? {};
    if (!(value instanceof Tensor) || typeof backward !== 'function') {
      throw new StateError('customGradient: the function must return { value, backward } with a tensor as value');
    }
    const result = value.detach() as T;
    record('customGradient', result, inputs, inputs, (dy) => {
      const gradients = checked(backward(dy as T), inputs);
      for (const seen of [dy, ...gradients]) if (seen instanceof Tensor) held(seen);
      return gradients;
    });
    if (result.node !== null) result.node.runsUserCode = true;
    return result;
  };
}

function checked(gradients: readonly (Tensor | null)[], inputs: readonly Tensor[]): readonly Gradient[] {
  if (gradients.length !== inputs.length) {
    throw new ShapeError(
      `customGradient: backward must return one gradient per input (${inputs.length}); got ${gradients.length}`,
    );
  }
  gradients.forEach((g, i) => {
    if (g !== null && show(g.shape) !== show(inputs[i].shape)) {
      throw new ShapeError(
        `customGradient: the gradient of input ${i} must have its shape ${show(inputs[i].shape)}; got ${show(g.shape)}`,
      );
    }
  });
  return gradients;
}
