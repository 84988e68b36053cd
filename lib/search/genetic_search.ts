import { checkFraction, checkPositive, checkWhole, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { randn } from '../ops/random/random.js';
import { type Candidate, type Objective, type SearchOptions, type SearchResult, search } from './search.js';
import { type Dimension, eachOf, type ParametersOf, type Space } from './space.js';

export interface GeneticSearchOptions<P> extends SearchOptions<P> {
  /** Individuals of a generation; whole, ≥ 2; default 20. */
  population?: number;
  /** The first one, which is drawn at random, included; whole, ≥ 1; default 10. */
  generations?: number;
  /** The best of a generation that live on unchanged and are not tried again; whole, ≥ 0, below population; default 2. */
  elite?: number;
  /** Individuals that are drawn for a parent's place, which the best of them gets; whole, ≥ 1; default 3. */
  tournament?: number;
  /** How probably a parameter of a child changes by itself; 0 … 1; default 0.2. */
  mutation?: number;
  /** Standard deviation of such a change, as a share of the parameter's range on its scale; > 0; default 0.1. */
  spread?: number;
}

interface Individual<P> extends Candidate<P> {
  readonly score: number;
}

/**
 * A genetic algorithm: from generation to generation, children have each parameter from one of two parents, which win
 * tournaments by their scores, and now and then another one: a neighbour, or of a choice any.
 *
 * It makes population + (generations − 1) · (population − elite) trials.
 *
 * @source Holland 1975, "Adaptation in natural and artificial systems"; Goldberg, Deb 1991 (tournaments);
 *         lecture notes 004, lines 1491–1495
 */
export async function geneticSearch<S extends Space>(
  space: S,
  objective: Objective<ParametersOf<S>>,
  options: GeneticSearchOptions<ParametersOf<S>>,
): Promise<SearchResult<ParametersOf<S>>> {
  type P = ParametersOf<S>;
  const { population = 20, generations = 10, elite = 2, tournament = 3, mutation = 0.2, spread = 0.1 } = given(options);
  checkWhole('geneticSearch', 'population', population, 2);
  checkWhole('geneticSearch', 'generations', generations, 1);
  checkWhole('geneticSearch', 'elite', elite, 0);
  checkWhole('geneticSearch', 'tournament', tournament, 1);
  checkFraction('geneticSearch', 'mutation', mutation);
  checkPositive('geneticSearch', 'spread', spread);
  if (elite >= population) {
    throw new ValueError(`geneticSearch: elite must be below population, ${population}; got ${elite}`);
  }
  return search('geneticSearch', space, objective, options, async ({ plan, generator, candidate, score, order }) => {
    plan(population + (generations - 1) * (population - elite));
    const born = async (parameters: P): Promise<Individual<P>> => {
      const child = candidate(parameters);
      return { ...child, score: await score(child) };
    };
    const fitness = (a: Individual<P>, b: Individual<P>): number => order(a.score, b.score);

    let living: Individual<P>[] = [];
    for (let i = 0; i < population; i++) living.push(await born(eachOf(space, ({ at }) => at(generator.next()))));
    for (let generation = 1; generation < generations; generation++) {
      const parents = living.sort(fitness);
      const parent = (): P => {
        const drawn = Array.from({ length: tournament }, () => Math.floor(generator.next() * population));
        return parents[Math.min(...drawn)].parameters;
      };
      living = parents.slice(0, elite);
      while (living.length < population) {
        const [mother, father] = [parent(), parent()];
        const child = eachOf(space, (dimension, name) => {
          const value = (generator.next() < 0.5 ? mother : father)[name];
          return generator.next() < mutation ? mutated(dimension, value, spread, generator) : value;
        });
        living.push(await born(child));
      }
    }
  });
}

function mutated<T>({ ordered, at, shareOf }: Dimension<T>, value: T, spread: number, generator: Generator): T {
  if (!ordered) return at(generator.next());
  const share = shareOf(value) + spread * Number(randn([], { generator }).item());
  return at(Math.min(Math.max(share, 0), 1));
}
