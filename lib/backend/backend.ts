import type { DType } from '../core/dtype.js';
import type { Storage } from '../core/storage.js';
import type { Shape } from '../core/types.js';

/** How a kernel sees a tensor: elements of a storage at `offset + Σ indexᵢ · stridesᵢ`. A Tensor is one. */
export interface View {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/**
 * The one door to arithmetic. A call is a flat record (kernel, views with the results first, numbers), checked by the op
 * that makes it: kernels trust their arguments. What wants to see every kernel call stands here and nowhere else.
 */
export interface Backend {
  readonly name: 'native' | 'reference';
  /** Fused kernels are native only; an op without its kernel runs its formula. */
  has(kernel: string): boolean;
  run(kernel: string, views: readonly View[], numbers: readonly number[]): void;
}
