import { checkWhole, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { type Objective, type SearchOptions, type SearchResult, search } from './search.js';
import { eachOf, type ParametersOf, type Space } from './space.js';

export interface SuccessiveHalvingOptions<P> extends SearchOptions<P> {
  /** Parameters that are drawn for the first rung; whole, ≥ 2; default 27. */
  count?: number;
  /** What the number of candidates is divided by from rung to rung, and the budget multiplied by; > 1; default 3. */
  factor?: number;
}

/**
 * Draws parameters as `randomSearch` does, tries all with a small budget, and the best of them again with a larger one,
 * until one is left: rung r has ⌊count / factorʳ⌋ candidates with budget · factorʳ each, and costs what the first one does.
 * An objective may keep what it trained under the trial's seed, and go on from there.
 *
 *     await successiveHalving(space, ({ lr }, { budget, seed }) => lossAfter(budget, lr, seed), {
 *       direction: 'minimise',
 *       count: 27,
 *       budget: 1,                // 27 for 1 epoch, 9 for 3, 3 for 9, 1 for 27
 *     });
 *
 * @source Jamieson, Talwalkar 2016, arXiv:1502.07943, figure 3; Li et al. 2018, arXiv:1603.06560 (a factor other than 2)
 */
export async function successiveHalving<S extends Space>(
  space: S,
  objective: Objective<ParametersOf<S>>,
  options: SuccessiveHalvingOptions<ParametersOf<S>>,
): Promise<SearchResult<ParametersOf<S>>> {
  const { count = 27, factor = 3, budget = 1 } = given(options);
  checkWhole('successiveHalving', 'count', count, 2);
  if (!(factor > 1 && factor < Infinity)) {
    throw new ValueError(`successiveHalving: factor must be a number > 1; got ${String(factor)}`);
  }
  const sizes = [count];
  while (sizes[sizes.length - 1] > 1) sizes.push(Math.max(1, Math.floor(count / factor ** sizes.length)));
  return search('successiveHalving', space, objective, options, async (bench) => {
    const { plan, generator, candidate, score, order } = bench;
    plan(sizes.reduce((sum, size) => sum + size, 0));
    let candidates = Array.from({ length: count }, () => candidate(eachOf(space, ({ at }) => at(generator.next()))));
    for (const [rung, size] of sizes.entries()) {
      candidates = candidates.slice(0, size);
      const scores = new Map<object, number>();
      for (const one of candidates) scores.set(one, await score(one, budget * factor ** rung));
      candidates.sort((a, b) => order(scores.get(a) as number, scores.get(b) as number));
    }
  });
}
