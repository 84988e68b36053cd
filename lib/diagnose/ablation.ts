import { checkArray, checkFunction } from '../core/check.js';
import { generalisationGap } from '../metrics/generalisation_gap.js';
import type { Meaning } from '../metrics/metric.js';
import { overSeeds, type RepeatOptions } from '../search/repeat.js';
import type { Summary } from '../stats/summary.js';

export interface AblationOptions extends RepeatOptions<'score'> {
  /** Of the score: 'higher' for an accuracy (the default), 'lower' for a loss. */
  better?: Meaning['better'];
  /** Runs of each system, or their seeds; default 1. */
  seeds?: number | readonly number[];
}

/** A system without one of its parts. */
export interface AblatedPart<N extends string> {
  readonly without: N;
  readonly score: Summary;
  /** How much worse the mean score is than the whole system's. */
  readonly decline: number;
}

export interface Ablation<N extends string> {
  readonly whole: Summary;
  /** In the order given. */
  readonly parts: readonly AblatedPart<N>[];
}

/**
 * An ablation study: what each part of a system is good for, by the score without it.
 *
 *     const { whole, parts } = await ablation(['dropout', 'augmentation'], (without, seed) => accuracyOf({
 *       dropout: without === 'dropout' ? 0 : 0.2,
 *       augment: without !== 'augmentation',
 *       seed,
 *     }), { seeds: 5 });
 *
 * @param score  of the system without a part, or of the whole one for null
 * @source lecture notes 004, lines 2249–2263
 */
export async function ablation<const N extends string>(
  parts: readonly N[],
  score: (without: N | null, seed: number) => number | Promise<number>,
  { better, seeds = 1, ...options }: AblationOptions = {},
): Promise<Ablation<N>> {
  checkArray('ablation', 'parts', parts);
  checkFunction('ablation', 'score', score);
  const summaryOf = async (without: N | null): Promise<Summary> => {
    const run = async (seed: number) => ({ score: await score(without, seed) });
    return (await overSeeds(run, seeds, options)).summary.score;
  };
  const whole = await summaryOf(null);
  const rows: AblatedPart<N>[] = [];
  for (const without of parts) {
    const found = await summaryOf(without);
    rows.push({ without, score: found, decline: generalisationGap(whole.mean, found.mean, better) });
  }
  return { whole, parts: rows };
}
