import { run } from '../backend/index.js';
import { checkArray } from '../core/check.js';
import type { TypedArray } from '../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../core/errors.js';
import { sameShape, show } from '../core/shape.js';
import type { IsAny, Ranked, Shape } from '../core/types.js';
import { type ArrayDType, empty, tensor } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';

/** What `collate` makes of examples: a tensor of tensors, of typed arrays or of numbers; a tuple of what its fields give. */
export type Collated<Example> =
  IsAny<Example> extends true
    ? any
    : Example extends Tensor<infer S, infer D>
      ? Tensor<Ranked<S> extends true ? (S extends readonly [...infer R extends Shape] ? [number, ...R] : any) : any, D>
      : Example extends TypedArray
        ? Tensor<[number, number], ArrayDType<Example>>
        : Example extends number
          ? Tensor<[number], 'float32'>
          : Example extends boolean
            ? Tensor<[number], 'bool'>
            : Example extends readonly unknown[]
              ? { -readonly [K in keyof Example]: Collated<Example[K]> }
              : unknown;

/**
 * Stacks examples to a batch, along a new first axis: tensors of one shape, typed arrays of one length, numbers
 * (float32) and booleans. Examples that are arrays are tuples of fields, each stacked on its own.
 *
 * @throws ShapeError "collate: examples must have one shape; got [2] and [3]; pad them, or …"
 */
export function collate<Example>(examples: readonly Example[]): Collated<Example> {
  checkArray('collate', 'examples', examples);
  return stack(examples) as Collated<Example>;
}

function stack(examples: readonly unknown[]): unknown {
  const first = examples[0];
  const kind = kindOf(first);
  for (const example of examples) {
    if (kindOf(example) !== kind) {
      throw new ValueError(`collate: examples must be of one kind; got ${kind} and ${kindOf(example)}`);
    }
  }
  if (first instanceof Tensor) return stackTensors(examples as Tensor[]);
  if (ArrayBuffer.isView(first)) return stackTensors((examples as Float32Array[]).map((array) => tensor(array)));
  if (kind === 'number' || kind === 'boolean') return tensor(examples);
  if (Array.isArray(first)) {
    const rows = examples as unknown[][];
    const other = rows.find((row) => row.length !== first.length);
    if (other !== undefined) {
      throw new ShapeError(
        `collate: examples must have equally many fields; got ${first.length} and ${other.length}; give vectors as typed arrays or tensors`,
      );
    }
    return first.map((_, field) => stack(rows.map((row) => row[field])));
  }
  throw new ValueError(
    `collate: examples must be tensors, typed arrays, numbers, booleans or arrays of these; got ${kind}; give the loader a collate function`,
  );
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;

function stackTensors(rows: readonly Tensor[]): Tensor {
  const { shape, dtype } = rows[0];
  const y: Tensor = empty([rows.length, ...shape], dtype);
  rows.forEach((row, i) => {
    if (!sameShape(row.shape, shape)) {
      throw new ShapeError(
        `collate: examples must have one shape; got ${show(shape)} and ${show(row.shape)}; pad them, or give the loader a collate function`,
      );
    }
    if (row.dtype !== dtype) {
      throw new DTypeError(`collate: examples must have one dtype; got ${dtype} and ${row.dtype}`);
    }
    run('copy', [new Tensor(y.storage, dtype, shape, y.strides.slice(1), y.offset + i * y.strides[0]), row]);
  });
  return y;
}
