import type { Tensor } from '../tensor/tensor.js';

/* What a tensor is to the module that has it as a field: marked here, so that a frozen parameter stays one. */

const parameters = new WeakSet<Tensor>();
const buffers = new WeakSet<Tensor>();

/**
 * Marks a floating-point tensor as a parameter: modules that have it as a field hand it to optimisers and save it.
 * Requires its gradient. A result becomes a leaf with the same values.
 */
export function parameter<T extends Tensor>(value: T): T {
  const leaf = value.node === null ? value : value.detach();
  parameters.add(leaf.requireGrad());
  return leaf as T;
}

/** Marks a tensor as a buffer: state that is saved with a module but not trained, such as running statistics. */
export function buffer<T extends Tensor>(value: T): T {
  const leaf = value.node === null ? value : value.detach();
  buffers.add(leaf);
  return leaf as T;
}

export const isParameter = (tensor: Tensor): boolean => parameters.has(tensor);
export const isBuffer = (tensor: Tensor): boolean => buffers.has(tensor);
