import { run } from '../../backend/index.js';
import { checkArray } from '../../core/check.js';
import { type DType, promote } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import type { Checked, Resize, Result } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { checkTensor, parts, type Tensor } from '../../tensor/tensor.js';
import { slice } from './slice.js';
import { consecutive } from './split.js';
import { to } from './to.js';

/** The shape and dtype that a list of tensors is judged by in types: the first one's. */
export type FirstShape<T extends readonly Tensor[]> = T[0] extends Tensor<infer S, any> ? S : any;
export type FirstDType<T extends readonly Tensor[]> = T[0] extends Tensor<any, infer D> ? D : any;

/**
 * Joins tensors along an axis they have; their other dimensions are equal. Different dtypes give the promoted one.
 *
 * @param tensors  at least one, each [...]
 * @param axis     default 0
 * @returns        the first's shape but for the axis, where sizes add up
 * @throws ShapeError "concat: shapes [2, 3] and [2, 4] must be equal but for axis 0"
 */
export function concat<const T extends readonly Tensor[], const A extends number = 0>(
  tensors: T,
  axis?: A & Checked<Resize<FirstShape<T>, A, number>>,
): Tensor<Result<Resize<FirstShape<T>, A, number>>, FirstDType<T>> {
  const along = checkJoin('concat', tensors, axis ?? 0);
  const dtype: DType = tensors.map((x) => x.dtype).reduce(promote);
  const inputs = tensors.map((x) => to(x, dtype));
  const sizes = inputs.map((x): number => x.shape[along]);
  const shape: number[] = [...inputs[0].shape];
  shape[along] = sizes.reduce((a, b) => a + b);
  const ranges = consecutive(sizes, along);
  const y: Tensor = empty(shape, dtype);
  for (const [i, x] of inputs.entries()) run('copy', [parts(slice(y, ...ranges[i])), parts(x)]);
  return record('concat', y, inputs, [], (dy) => ranges.map((range) => () => slice(dy, ...range)));
}

function checkJoin(op: string, tensors: readonly Tensor[], axis: number): number {
  checkArray(op, 'tensors', tensors);
  if (tensors.length === 0) throw new ShapeError(`${op}: at least one tensor is needed; got none`);
  for (const x of tensors) checkTensor(op, x);
  const first = tensors[0].shape;
  const along = checkAxis(op, axis, first.length);
  for (const { shape } of tensors) {
    if (shape.length !== first.length || shape.some((d: number, i: number) => i !== along && d !== first[i])) {
      throw new ShapeError(`${op}: shapes ${show(first)} and ${show(shape)} must be equal but for axis ${along}`);
    }
  }
  return along;
}
