import { checkInstance } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { sameShape, show } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';

/**
 * A module's forward pass with other tensors in the place of some of its parameters and buffers, by the names of its state
 * dict: the module as a function of them, for `grad`, `hvp`, `perSampleGrad`. The module is as before when it returns.
 *
 *     const parameters = Object.fromEntries(net.namedParameters());
 *     const loss = (p: typeof parameters, x: Tensor, y: Tensor) => crossEntropy(nn.functionalCall(net, p, x), y);
 *     hvp(loss)(parameters, direction, images, labels)
 *
 * @param tensors  by name; what has none here stays. A tied tensor goes by its first name, and is replaced everywhere
 * @param inputs   of the module's forward pass
 * @throws ValueError "functionalCall: Linear has no parameter or buffer wieght; it has weight, bias"
 * @throws ShapeError "functionalCall: weight must be [10, 784]; got [784, 10]"
 */
export function functionalCall<M extends Module>(
  module: M,
  tensors: Readonly<Record<string, Tensor>>,
  ...inputs: Parameters<M['forward']>
): ReturnType<M['forward']> {
  checkInstance('functionalCall', 'the module', module, Module);
  const named = new Map([...module.namedParameters(), ...module.namedBuffers()]);
  const replacements = new Map<unknown, Tensor>();
  for (const [name, tensor] of Object.entries(tensors)) {
    const original = named.get(name);
    if (original === undefined) {
      const names = [...named.keys()].join(', ') || 'none';
      throw new ValueError(
        `functionalCall: ${module.constructor.name} has no parameter or buffer ${name}; it has ${names}`,
      );
    }
    if (!sameShape(tensor.shape, original.shape)) {
      throw new ShapeError(`functionalCall: ${name} must be ${show(original.shape)}; got ${show(tensor.shape)}`);
    }
    replacements.set(original, tensor);
  }

  const restore: (() => void)[] = [];
  const replaceIn = (holder: object): void => {
    for (const [key, value] of Object.entries(holder)) {
      const replacement = replacements.get(value);
      if (Array.isArray(value)) replaceIn(value);
      if (replacement === undefined) continue;
      Reflect.set(holder, key, replacement);
      restore.push(() => Reflect.set(holder, key, value));
    }
  };
  try {
    module.modules().forEach(replaceIn);
    return module.forward(...inputs);
  } finally {
    for (const undo of restore) undo();
  }
}
