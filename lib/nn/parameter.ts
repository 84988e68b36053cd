import { checkInstance } from '../core/check.js';
import type { FloatDType } from '../core/dtype.js';
import type { Generator } from '../core/random.js';
import type { Literal, Shape } from '../core/types.js';
import { empty } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import type { Initializer } from './init/init.js';

/* What a tensor is to the module that has it as a field: marked here, so that a frozen parameter stays one. */

const parameters = new WeakSet<Tensor>();
const buffers = new WeakSet<Tensor>();

/**
 * Marks a floating-point tensor as a parameter: modules that have it as a field hand it to optimisers and save it.
 * Requires its gradient. A result becomes a leaf with the same values.
 */
export function parameter<T extends Tensor>(value: T): T {
  checkInstance('parameter', 'value', value, Tensor);
  const leaf = value.node === null ? value : value.detach();
  parameters.add(leaf.requireGrad());
  return leaf as T;
}

/** Marks a tensor as a buffer: state that is saved with a module but not trained, such as running statistics. */
export function buffer<T extends Tensor>(value: T): T {
  checkInstance('buffer', 'value', value, Tensor);
  const leaf = value.node === null ? value : value.detach();
  buffers.add(leaf);
  return leaf as T;
}

export const isParameter = (tensor: Tensor): boolean => parameters.has(tensor);
export const isBuffer = (tensor: Tensor): boolean => buffers.has(tensor);

/** How the parameters of a layer are made. */
export interface ParameterOptions {
  /** Of the parameters; default 'float32'. */
  dtype?: FloatDType | undefined;
  /** Where random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/** A parameter of a layer, with its initial values. */
export function newParameter<const S extends Shape>(
  shape: S,
  initialise: Initializer,
  { dtype = 'float32', generator }: ParameterOptions,
): Tensor<Literal<S>> {
  const value: Tensor = empty(shape, dtype);
  return parameter(initialise(value, { generator }));
}
