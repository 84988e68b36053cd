import type { Stateful } from '../core/state.js';
import type { Values } from './values.js';

/**
 * What a batch contributes, and what all of it means. Counts are JSON: a checkpoint keeps them. `merge` is associative,
 * so that the score of a whole is that of its batches, however it was cut.
 */
export interface Measurement<C, S, O = Values, T = Values> {
  /** Of a batch; an empty one contributes nothing. */
  count(output: O, target: T): C;
  /** Of two batches, the earlier one first; changes neither. */
  merge(a: C, b: C): C;
  /** What counts mean; NaN where nothing was counted. */
  score(counts: C): S;
}

/** A measurement that is called as a function of a whole: `score(count(output, target))`. */
export interface Measure<C, S, O = Values, T = Values> extends Measurement<C, S, O, T> {
  (output: O, target: T): S;
}

/** What a number says of itself, to those who compare and print it. */
export interface Meaning {
  /** Whether more is better. */
  readonly better: 'higher' | 'lower';
  /** 'share' is shown as 97.42 %, 'number' as 0.9742. */
  readonly unit: 'share' | 'number';
}

/**
 * A score of outputs against targets, whole or batch by batch:
 *
 *     accuracy(logits, labels);                                     // of a whole
 *     const running = new Running(f1({ average: 'macro' }));        // of batches: running.add(…), running.value
 *     new Trainer(model, { optimizer, loss, metrics: { accuracy, f1: f1({ average: 'macro' }) } });
 */
export interface Metric<C = any, O = Values, T = Values> extends Measure<C, number, O, T>, Meaning {}

/** Makes a measurement a function. */
export function measure<C, S, O = Values, T = Values>(parts: Measurement<C, S, O, T>): Measure<C, S, O, T> {
  return Object.assign((output: O, target: T) => parts.score(parts.count(output, target)), parts);
}

/** Makes a metric of its parts; a metric of your own too. */
export function metric<C, O = Values, T = Values>(parts: Measurement<C, number, O, T> & Meaning): Metric<C, O, T> {
  return Object.assign((output: O, target: T) => parts.score(parts.count(output, target)), parts);
}

/** Merges counts that add up: numbers, or arrays of them of one length. */
export function summed<C extends { readonly [name: string]: number | readonly number[] }>(a: C, b: C): C {
  const sums = Object.entries(a).map(([name, of]) => {
    const other = b[name];
    return [name, typeof of === 'number' ? of + (other as number) : of.map((x, i) => x + (other as number[])[i])];
  });
  return Object.fromEntries(sums) as C;
}

/** Merges counts that are put one behind the other, as curves need them. */
export function joined<C extends { readonly [name: string]: readonly unknown[] }>(a: C, b: C): C {
  return Object.fromEntries(Object.keys(a).map((name) => [name, [...a[name], ...b[name]]])) as unknown as C;
}

/** A measure over batches that come one by one; undefined before the first. */
export class Running<C, S, O = Values, T = Values> implements Stateful<C | null> {
  #counts: C | null = null;

  constructor(readonly measure: Measurement<C, S, O, T>) {}

  add(output: O, target: T): void {
    const counts = this.measure.count(output, target);
    this.#counts = this.#counts === null ? counts : this.measure.merge(this.#counts, counts);
  }

  /** The score of all batches so far. */
  get value(): S | undefined {
    return this.#counts === null ? undefined : this.measure.score(this.#counts);
  }

  stateDict(): C | null {
    return this.#counts;
  }

  loadStateDict(counts: C | null): void {
    this.#counts = counts;
  }
}
