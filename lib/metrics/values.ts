import { widen } from '../core/dtype.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { tensor } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';

/** Numbers that a metric takes: a tensor, a typed array, or nested arrays. */
export type Values = Tensor<any, any> | ArrayLike<number> | readonly Values[];

/** The numbers in row-major order. */
export interface Read {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** @throws ShapeError for arrays of unequal lengths, ValueError for what is no number */
export function read(op: string, name: string, values: Values): Read {
  if (values instanceof Tensor) return { data: values.detach().to(widen(values.dtype)).data(), shape: values.shape };
  if (ArrayBuffer.isView(values)) return { data: values as unknown as ArrayLike<number>, shape: [values.length] };
  const shape: number[] = [];
  for (let row: unknown = values; Array.isArray(row); row = row[0]) shape.push(row.length);
  const data: number[] = [];
  const visit = (part: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof part !== 'number') throw new ValueError(`${op}: ${name} must hold numbers; got ${typeof part}`);
      data.push(part);
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[axis]) {
      const got = Array.isArray(part) ? `one of ${part.length}` : `a ${typeof part}`;
      throw new ShapeError(`${op}: ${name} must have arrays of ${shape[axis]} at depth ${axis}; got ${got}`);
    }
    for (const inner of part) visit(inner, axis + 1);
  };
  visit(values, 0);
  return { data, shape };
}

/** The numbers as a tensor without history: float32 as it is, others as float64. */
function tensorOf(op: string, name: string, values: Values): Tensor {
  if (values instanceof Tensor) return values.detach().to(values.dtype === 'float32' ? 'float32' : 'float64');
  const { data, shape } = read(op, name, values);
  return tensor(Float64Array.from(data), { shape });
}

/** Output and target of one shape and floating-point dtype, for kernels. */
export function tensorsAlike(op: string, output: Values, target: Values): [o: Tensor, t: Tensor] {
  const o = tensorOf(op, 'output', output);
  const t = tensorOf(op, 'target', target);
  checkAlike(op, o, t);
  const dtype = o.dtype === t.dtype ? o.dtype : 'float64';
  return [o.to(dtype), t.to(dtype)];
}

/** Output and target of one shape; their first axis counts examples. */
export function readAlike(op: string, output: Values, target: Values): { o: Read; t: Read } {
  const o = read(op, 'output', output);
  const t = read(op, 'target', target);
  checkAlike(op, o, t);
  return { o, t };
}

function checkAlike(op: string, o: { shape: Shape }, t: { shape: Shape }): void {
  if (show(o.shape) === show(t.shape)) return;
  throw new ShapeError(`${op}: output and target must be of one shape; got ${show(o.shape)} and ${show(t.shape)}`);
}
