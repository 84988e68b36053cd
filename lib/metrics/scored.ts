import { ShapeError, ValueError } from '../core/errors.js';
import { show } from '../core/shape.js';
import { argsort } from '../ops/sorting/sort.js';
import { tensor } from '../tensor/create.js';
import { checkClass } from './classes.js';
import { joined, type Measurement } from './metric.js';
import { read } from './values.js';

/** Scores of examples and whether they are positive: what curves are made of. */
export interface Scored {
  readonly [name: string]: readonly number[];
  readonly scores: readonly number[];
  readonly positive: readonly number[];
}

/** Scores [n], [n, 1], or [n, 2] of which the second column counts, and targets 0 or 1 [n]. */
export function binaryScores(op: string): Omit<Measurement<Scored, never>, 'score'> {
  return {
    count(output, target) {
      const { scores, labels, classes } = readScores(op, output, target);
      if (classes > 2) {
        throw new ShapeError(`${op}: output must be one score an example, [n], [n, 1] or [n, 2]; got ${classes} each`);
      }
      labels.forEach((label, i) => {
        checkClass(op, 'target', i, label, 2);
      });
      const column = classes - 1;
      return { scores: labels.map((_, i) => scores[i * classes + column]), positive: labels };
    },
    merge: joined,
  };
}

/** Scores of each class and labels, flat. */
export interface ClassScored {
  readonly classes: number;
  readonly scores: readonly number[];
  readonly labels: readonly number[];
}

/** Scores [n, c] of classes and targets [n]; or one score each and targets 0 or 1. */
export function classScored(op: string): Omit<Measurement<ClassScored, never>, 'score'> {
  return {
    count(output, target) {
      const read = readScores(op, output, target);
      read.labels.forEach((label, i) => {
        checkClass(op, 'target', i, label, Math.max(2, read.classes));
      });
      return read;
    },
    merge(a, b) {
      if (a.classes !== b.classes) {
        throw new ShapeError(`${op}: batches must have equally many classes; got ${a.classes} and ${b.classes}`);
      }
      return { classes: a.classes, scores: [...a.scores, ...b.scores], labels: [...a.labels, ...b.labels] };
    },
  };
}

function readScores(op: string, output: Parameters<typeof read>[2], target: Parameters<typeof read>[2]): ClassScored {
  const o = read(op, 'output', output);
  const t = read(op, 'target', target);
  const [n, classes = 1] = o.shape;
  if (o.shape.length === 0 || o.shape.length > 2 || t.shape.length !== 1 || t.shape[0] !== n || classes === 0) {
    throw new ShapeError(
      `${op}: output must be [n] or [n, c] with c ≥ 1, and target [n]; got ${show(o.shape)} and ${show(t.shape)}`,
    );
  }
  const scores = numbersOf(o.data);
  const at = scores.findIndex((score) => Number.isNaN(score));
  if (at >= 0) throw new ValueError(`${op}: scores must be numbers that can be compared; output[${at}] is NaN`);
  return { classes, scores, labels: numbersOf(t.data) };
}

/** An array of an array-like's numbers; of a typed array `Array.from` takes ten times as long. */
export function numbersOf(data: ArrayLike<number>): number[] {
  const numbers = new Array<number>(data.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = data[i];
  return numbers;
}

/** One class's scores against the rest's. */
export const against = ({ classes, scores, labels }: ClassScored, k: number): Scored => ({
  scores: labels.map((_, i) => scores[i * classes + k]),
  positive: labels.map((label) => Number(label === k)),
});

/** What is at least each distinct score, highest first. */
export interface Thresholds {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

export function thresholdsOf({ scores, positive }: Scored): Thresholds {
  const order = argsort(tensor(Float64Array.from(scores)), 0, { descending: true }).data();
  const thresholds = new Float64Array(order.length);
  const truePositives = new Float64Array(order.length);
  const falsePositives = new Float64Array(order.length);
  let tp = 0;
  let count = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const score = scores[order[rank]];
    tp += positive[order[rank]];
    if (rank + 1 < order.length && scores[order[rank + 1]] === score) continue;
    thresholds[count] = score;
    truePositives[count] = tp;
    falsePositives[count] = rank + 1 - tp;
    count++;
  }
  return {
    thresholds: thresholds.subarray(0, count),
    truePositives: truePositives.subarray(0, count),
    falsePositives: falsePositives.subarray(0, count),
  };
}
