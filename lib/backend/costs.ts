import { bytesPerElement } from '../core/dtype.js';
import { sizeOf } from '../core/shape.js';
import type { View } from './backend.js';
import { factsOf, numberOf, resultCount } from './kernel.js';

/*
 * What a kernel call costs by its formula, which stands beside the op. An operation is an addition, multiplication, division,
 * comparison of numbers or one evaluation of an elementary function (exp, erf, √ …): each counts 1. What only moves elements
 * or compares whole numbers in passing counts 0. Convolutions count the padding too, as PyTorch's and everybody's counters do.
 */

export interface Cost {
  readonly flops: number;
  /** Products of which sums consist by definition. */
  readonly products: number;
  /** Bytes of operands, each element once, as if caches were perfect. */
  readonly read: number;
  readonly written: number;
}

/** What a call costs. A function that it applies to its result counts 1 for each element, whatever the kernel. */
export function costOf(kernel: string, views: readonly View[], numbers: readonly number[]): Cost {
  const call = { kernel, views, numbers };
  const { flops, products, updates, sparse: [partial, like] = [-1, -1] } = factsOf(kernel);
  const results = resultCount(call);
  let read = 0;
  let written = 0;
  for (let i = 0; i < views.length; i++) {
    const bytes = elements(views[i === partial ? like : i]) * bytesPerElement[views[i].dtype];
    if (i < results) written += bytes;
    if (i >= results || updates) read += bytes;
  }
  const size = sizeOf(views[0].shape);
  const own = typeof flops === 'number' ? flops * size : flops(views, numbers);
  return {
    flops: own + (numberOf(call, 'epilogue') ? size : 0),
    products: products?.(views) ?? 0,
    read,
    written,
  };
}

/** Elements of memory behind a view; those that it repeats count once. */
function elements({ shape, strides }: View): number {
  let count = 1;
  for (let i = 0; i < shape.length; i++) if (strides[i] !== 0) count *= shape[i];
  return count;
}
