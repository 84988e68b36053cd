import { checkWhole, given } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { type Metric, metric, summed } from './metric.js';

/** A sentence as words or numbers of words. */
export type Tokens = readonly (string | number)[];

/** Over all sentences: n-grams that a reference has, n-grams, and lengths. */
interface NGrams {
  readonly [name: string]: number | readonly number[];
  readonly matches: readonly number[];
  readonly totals: readonly number[];
  readonly length: number;
  readonly referenceLength: number;
}

/**
 * BLEU of translations against one or more references each, over the whole corpus, 0 … 1:
 *
 *   BP · exp(Σₙ log pₙ / N)      BP = min(1, e^(1 − r/c))
 *
 * pₙ is the share of n-grams that a reference has too, each at most as often as in the reference that has it most; c is the
 * length of all outputs, r that of the references that come closest.
 *
 * Output: sentences; target: of each its references.
 *
 * @param options.order      N, the longest n-grams; whole, ≥ 1; default 4
 * @param options.smoothing  add 1 to matches and totals of n-grams longer than a word; default false
 * @source Papineni, Roukos, Ward, Zhu 2002, "BLEU: a method for automatic evaluation of machine translation"; Lin, Och 2004,
 *         "ORANGE" (smoothing)
 */
export function bleu(
  options: { order?: number; smoothing?: boolean } = {},
): Metric<NGrams, readonly Tokens[], readonly (readonly Tokens[])[]> {
  const { order = 4, smoothing = false } = given(options);
  checkWhole('bleu', 'order', order, 1);
  return metric<NGrams, readonly Tokens[], readonly (readonly Tokens[])[]>({
    better: 'higher',
    unit: 'share',
    count(output, target) {
      if (output.length !== target.length) {
        throw new ShapeError(
          `bleu: each output needs its list of references; got ${output.length} outputs and ${target.length} lists`,
        );
      }
      const [matches, totals] = [0, 0].map(() => new Array<number>(order).fill(0));
      let [length, referenceLength] = [0, 0];
      output.forEach((sentence, i) => {
        const references = target[i];
        length += sentence.length;
        referenceLength += closest(sentence.length, references);
        for (let n = 1; n <= order; n++) {
          const inReferences = references.map((reference) => gramsOf(reference, n));
          totals[n - 1] += Math.max(0, sentence.length - n + 1);
          for (const [gram, count] of gramsOf(sentence, n)) {
            matches[n - 1] += Math.min(count, Math.max(0, ...inReferences.map((grams) => grams.get(gram) ?? 0)));
          }
        }
      });
      return { matches, totals, length, referenceLength };
    },
    merge: summed,
    score({ matches, totals, length, referenceLength }) {
      if (length === 0) return referenceLength === 0 ? NaN : 0;
      const added = (n: number): number => (smoothing && n > 0 ? 1 : 0);
      const logs = matches.map((match, n) => Math.log((match + added(n)) / (totals[n] + added(n))));
      // Too short for an n-gram of any output: nothing matches.
      const mean = logs.some(Number.isNaN) ? -Infinity : logs.reduce((sum, log) => sum + log, 0) / order;
      return Math.exp(Math.min(0, 1 - referenceLength / length) + mean);
    },
  });
}

function gramsOf(sentence: Tokens, n: number): Map<string, number> {
  const grams = new Map<string, number>();
  for (let i = 0; i + n <= sentence.length; i++) {
    const gram = JSON.stringify(sentence.slice(i, i + n));
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}

/** The length that is nearest, of equally near ones the shorter. */
const closest = (length: number, references: readonly Tokens[]): number =>
  references
    .map((reference) => reference.length)
    .sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] ?? 0;
