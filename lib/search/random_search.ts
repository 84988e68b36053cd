import { checkWhole, given } from '../core/check.js';
import { type Objective, type SearchOptions, type SearchResult, search } from './search.js';
import { eachOf, type ParametersOf, type Space } from './space.js';

export interface RandomSearchOptions<P> extends SearchOptions<P> {
  /** Trials; whole, ≥ 1; default 20. */
  count?: number;
}

/**
 * Tries parameters that are drawn independently. Where few of them matter, it sees more values of those than a grid of as
 * many trials.
 *
 *     await randomSearch(
 *       { lr: logUniform(1e-4, 1), width: integer(8, 128), activation: choice(['relu', 'tanh']) },
 *       objective,
 *       { direction: 'minimise', count: 30, seed: 1 },
 *     );
 *
 * @source Bergstra, Bengio 2012, "Random search for hyper-parameter optimization"; lecture notes 003, line 494
 */
export async function randomSearch<S extends Space>(
  space: S,
  objective: Objective<ParametersOf<S>>,
  options: RandomSearchOptions<ParametersOf<S>>,
): Promise<SearchResult<ParametersOf<S>>> {
  const { count = 20 } = given(options);
  checkWhole('randomSearch', 'count', count, 1);
  return search('randomSearch', space, objective, options, async ({ plan, generator, candidate, score }) => {
    plan(count);
    for (let i = 0; i < count; i++) await score(candidate(eachOf(space, ({ at }) => at(generator.next()))));
  });
}
