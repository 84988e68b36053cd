import { ShapeError, ValueError } from '../core/errors.js';
import { show, sizeOf } from '../core/shape.js';
import { type Read, read, type Values } from './values.js';

/** How an output says which class it means. */
export interface ClassOptions {
  /** How many classes there are; whole, ≥ 1; default: as many as there are scores, or as the classes that occur need. */
  classes?: number;
  /** Where the output is one score an example: it is of class 1 above this, else of class 0. Default: no such output. */
  threshold?: number;
}

/** Classes of n examples, true and predicted. */
export interface Classes {
  readonly predicted: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
  readonly classes: number;
}

/**
 * Reads the classes of outputs and targets: scores [n, c, …] for targets [n, …], of which the highest counts (of equal
 * ones the first); or classes like the targets; or, with a threshold, one score each.
 */
export function readClasses(op: string, output: Values, target: Values, options: ClassOptions = {}): Classes {
  const { threshold } = options;
  const o = read(op, 'output', output);
  const t = read(op, 'target', target);
  const classes = options.classes ?? (threshold !== undefined ? 2 : undefined);
  if (o.shape.length === t.shape.length + 1 && threshold === undefined) {
    const { best, c } = highest(op, o, t);
    return checked(op, best, t.data, Math.max(classes ?? 0, c));
  }
  if (sizeOf(o.shape) !== sizeOf(t.shape) || o.shape[0] !== t.shape[0]) {
    throw new ShapeError(
      `${op}: output must be scores [n, c, …] or classes [n, …], and target classes [n, …]; got ${show(o.shape)} and ${show(t.shape)}`,
    );
  }
  const predicted = threshold === undefined ? o.data : Array.from(o.data, (score) => Number(score > threshold));
  return checked(op, predicted, t.data, classes);
}

/** The class of the highest score at every place of the target. */
function highest(op: string, o: Read, t: Read): { best: Int32Array; c: number } {
  const [n, c, ...rest] = o.shape;
  if (show([n, ...rest]) !== show(t.shape) || c === 0) {
    throw new ShapeError(
      `${op}: scores must be [n, c, …] with c ≥ 1, and target [n, …]; got ${show(o.shape)} and ${show(t.shape)}`,
    );
  }
  const inner = sizeOf(rest);
  const best = new Int32Array(n * inner);
  for (let i = 0; i < best.length; i++) {
    const start = Math.floor(i / inner) * c * inner + (i % inner);
    for (let k = 1; k < c; k++) if (o.data[start + k * inner] > o.data[start + best[i] * inner]) best[i] = k;
  }
  return { best, c };
}

function checked(
  op: string,
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  given: number | undefined,
): Classes {
  let classes = given ?? 0;
  for (let i = 0; i < truth.length; i++) {
    checkClass(op, 'target', i, truth[i], given);
    checkClass(op, 'output', i, predicted[i], given);
    if (given === undefined) classes = Math.max(classes, truth[i] + 1, predicted[i] + 1);
  }
  return { predicted, truth, classes };
}

/** @throws ValueError "accuracy: a class must be a whole number from 0 to 9; target[3] is 10" */
export function checkClass(op: string, name: string, i: number, value: number, classes: number | undefined): void {
  if (Number.isInteger(value) && value >= 0 && (classes === undefined || value < classes)) return;
  const range = classes === undefined ? '≥ 0' : `from 0 to ${classes - 1}`;
  const fix = Number.isInteger(value) ? '' : '; for scores of class 1 give threshold';
  throw new ValueError(`${op}: a class must be a whole number ${range}; ${name}[${i}] is ${value}${fix}`);
}
