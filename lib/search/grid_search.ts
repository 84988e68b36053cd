import { checkWhole, given } from '../core/check.js';
import { type Objective, type SearchOptions, type SearchResult, search } from './search.js';
import { eachOf, type ParametersOf, type Space } from './space.js';

export interface GridSearchOptions<S extends Space> extends SearchOptions<ParametersOf<S>> {
  /** Values of each parameter, or of some of them, 5 of the others; whole, ≥ 1; default 5. A choice gives all of its. */
  points?: number | { readonly [name in keyof S]?: number };
  /** Grids, each between the neighbours of the best trial so far; whole, ≥ 1; default 1. */
  rounds?: number;
}

/**
 * Tries all combinations of values; with several rounds, then those of a finer grid around the best. A choice stays at the
 * best one's value in finer grids, and parameters that were tried are not tried again.
 *
 *     const { best, trials } = await gridSearch(
 *       { lr: logUniform(1e-5, 10), weightDecay: logUniform(1e-5, 10) },
 *       async ({ lr, weightDecay }, { seed }) => accuracyOf(lr, weightDecay, seed),
 *       { direction: 'maximise', points: 7 },
 *     );
 *
 * An objective that validates on one part of the data favours what suits that part; `crossValidate` gives it a mean.
 *
 * @source lecture notes 004, lines 1513–1517 (incremental refinement); lecture notes 003, line 490
 */
export async function gridSearch<S extends Space>(
  space: S,
  objective: Objective<ParametersOf<S>>,
  options: GridSearchOptions<S>,
): Promise<SearchResult<ParametersOf<S>>> {
  const { points = 5, rounds = 1 } = given(options);
  checkWhole('gridSearch', 'rounds', rounds, 1);
  const pointsOf = (name: string): number => (typeof points === 'number' ? points : (points[name] ?? 5));
  for (const name of Object.keys(given(space))) checkWhole('gridSearch', `points of ${name}`, pointsOf(name), 1);
  return search('gridSearch', space, objective, options, async (bench) => {
    const tried = new Set<string>();
    let best: { parameters: ParametersOf<S>; score: number } | null = null;
    let grid: Space = space;
    for (let round = 0; round < rounds; round++) {
      const fresh = combinations(grid, pointsOf).filter((parameters) => {
        const key = JSON.stringify(Object.values(placesOf(space, parameters)));
        return !tried.has(key) && tried.add(key);
      }) as ParametersOf<S>[];
      bench.plan(fresh.length);
      for (const parameters of fresh) {
        const score = await bench.score(bench.candidate(parameters));
        if (best === null || bench.order(score, best.score) < 0) best = { parameters, score };
      }
      const { parameters } = best as { parameters: ParametersOf<S> };
      grid = eachOf(grid, (dimension, name) => dimension.around(parameters[name], pointsOf(name))) as Space;
    }
  });
}

/** By which parameters are told apart, whatever they are. */
const placesOf = (space: Space, parameters: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  eachOf(space, (dimension, name) => dimension.shareOf(parameters[name]).toFixed(9));

/** The last parameter goes through its values first. */
const combinations = (space: Space, pointsOf: (name: string) => number): Record<string, unknown>[] =>
  Object.entries(space).reduce<Record<string, unknown>[]>(
    (all, [name, dimension]) => {
      const values = dimension.grid(pointsOf(name));
      return all.flatMap((parameters) => values.map((value) => ({ ...parameters, [name]: value })));
    },
    [{}],
  );
