import { checkArray } from '../core/check.js';
import { ShapeError, ValueError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { Tensor } from '../tensor/tensor.js';

/** What tells classes or groups apart: numbers, words or truth values. */
export type Label = number | string | boolean;

/** A label for each example: a tensor with one axis, a typed array or an array. */
export type Labels = Tensor | ArrayLike<Label>;

/** Examples by their classes, which are in the order of their first appearance. */
export interface Classes {
  classes: Label[];
  /** The place in `classes` of each example. */
  codes: Int32Array;
  /** How many examples each class has. */
  counts: number[];
}

/** @param name  what the labels are to the caller, for errors */
export function classesOf(op: string, name: string, labels: Labels): Classes {
  const values = labelValues(op, name, labels);
  const places = new Map<Label, number>();
  const counts: number[] = [];
  const codes = Int32Array.from(values, (label) => {
    let code = places.get(label);
    if (code === undefined) {
      code = places.size;
      places.set(label, code);
      counts.push(0);
    }
    counts[code]++;
    return code;
  });
  return { classes: [...places.keys()], codes, counts };
}

/** The labels as an array, at least one. */
export function labelValues(op: string, name: string, labels: Labels): ArrayLike<Label> {
  if (labels instanceof Tensor && labels.rank !== 1) {
    throw new ShapeError(
      `${op}: ${name} must have one axis, a value for each example; got shape ${show(labels.shape)}`,
    );
  }
  const values: ArrayLike<Label> = labels instanceof Tensor ? labels.data() : labels;
  checkArray(op, name, values);
  if (values.length === 0) throw new ValueError(`${op}: ${name} must hold a value for each example; got none`);
  return values;
}

/** The examples of each class, in ascending order. */
export function membersOf({ codes, counts }: Classes): Int32Array[] {
  const members = counts.map((count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  codes.forEach((code, i) => {
    members[code][filled[code]++] = i;
  });
  return members;
}

/** Ascending; words by their code units, false before true. */
export const compareLabels = (a: Label, b: Label): number => (a < b ? -1 : a > b ? 1 : 0);
