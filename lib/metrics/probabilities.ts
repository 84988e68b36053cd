import { ShapeError, ValueError } from '../core/errors.js';
import { show, sizeOf } from '../core/shape.js';
import { checkClass } from './classes.js';
import { read, type Values } from './values.js';

export interface ProbabilityOptions {
  /** Whether the output holds logits, whose softmax (of one score its sigmoid) is meant; default false: probabilities. */
  logits?: boolean;
}

/**
 * Visits the examples of outputs [n, c, …] and targets [n, …], or of one score each [n]: the probabilities of the classes
 * and the true one.
 *
 * @param ignore  a class whose examples are left out
 */
export function eachProbabilities(
  op: string,
  output: Values,
  target: Values,
  { logits = false, ignore }: ProbabilityOptions & { ignore?: number | undefined },
  visit: (probabilities: Float64Array, label: number, logProbability: (k: number) => number) => void,
): void {
  const o = read(op, 'output', output);
  const t = read(op, 'target', target);
  const single = o.shape.length === t.shape.length;
  const [n, c = 1, ...rest] = single ? [o.shape[0], 1, ...o.shape.slice(1)] : o.shape;
  if (show([n, ...rest]) !== show(t.shape) || c === 0 || (!single && o.shape.length !== t.shape.length + 1)) {
    throw new ShapeError(
      `${op}: output must be [n, c, …] with c ≥ 1, or one score each [n, …], and target [n, …]; got ${show(o.shape)} and ${show(t.shape)}`,
    );
  }
  const inner = sizeOf(rest);
  const classes = Math.max(c, 2);
  const scores = new Float64Array(classes);
  for (let i = 0; i < t.data.length; i++) {
    const label = t.data[i];
    if (label === ignore) continue;
    checkClass(op, 'target', i, label, classes);
    const start = Math.floor(i / inner) * c * inner + (i % inner);
    for (let k = 0; k < c; k++) scores[classes - c + k] = o.data[start + k * inner];
    if (c === 1) scores[0] = logits ? 0 : 1 - scores[1];
    visit(...probabilitiesOf(op, scores, logits, label));
  }
}

function probabilitiesOf(
  op: string,
  scores: Float64Array,
  logits: boolean,
  label: number,
): [Float64Array, number, (k: number) => number] {
  if (!logits) {
    const wrong = scores.find((p) => !(p >= 0 && p <= 1));
    if (wrong !== undefined) {
      throw new ValueError(`${op}: probabilities must be within 0 … 1; got ${wrong}; for logits give { logits: true }`);
    }
    return [scores, label, (k) => Math.log(scores[k])];
  }
  const top = Math.max(...scores);
  const logSum = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0));
  return [scores.map((score) => Math.exp(score - logSum)), label, (k) => scores[k] - logSum];
}
