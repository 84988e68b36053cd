import { checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { checkAxis } from '../../core/shape.js';
import type { Checked, Resize, Result, Shape } from '../../core/types.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { ne } from '../elementwise/ne.js';
import { sub } from '../elementwise/sub.js';
import { concat } from '../shape/concat.js';
import { type Range, slice } from '../shape/slice.js';

export interface DiffOptions {
  /** How many times differences are taken; ≥ 0; default 1. */
  n?: number;
  /** What stands before x along the axis. */
  prepend?: Optional;
  /** What stands behind x along the axis. */
  append?: Optional;
}

/**
 * Differences of neighbours along one axis, n times: yᵢ = xᵢ₊₁ − xᵢ; of bool whether they differ.
 *
 * @param x     [..., size, ...]
 * @param axis  default −1, the last
 * @returns     [..., size − n, ...], or without elements
 * @throws ValueError "diff: n must be a whole number ≥ 0; got -1"
 */
export function diff<S extends Shape, D extends DType, const A extends number = -1>(
  x: Tensor<S, D>,
  axis?: A & Checked<Resize<S, A, number>>,
  { n = 1, prepend, append }: DiffOptions = {},
): Tensor<Result<Resize<S, A, number>>, D> {
  checkTensor('diff', x);
  const along = checkAxis('diff', axis ?? -1, x.rank);
  checkWhole('diff', 'n', n, 0);
  const parts: Tensor[] = [prepend, x, append].filter((part) => part !== null && part !== undefined);
  let y: Tensor = parts.length === 1 ? x : concat(parts, along);
  const range = (start: number, stop: number | null): Range[] => [...new Array<null>(along).fill(null), [start, stop]];
  for (let i = 0; i < n && y.shape[along] > 0; i++) {
    const [before, behind]: Tensor[] = [slice(y, ...range(0, -1)), slice(y, ...range(1, null))];
    y = y.dtype === 'bool' ? ne(behind, before) : sub(behind, before);
  }
  return y;
}
