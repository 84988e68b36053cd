export { type GeneticSearchOptions, geneticSearch } from './genetic_search.js';
export { type GridSearchOptions, gridSearch } from './grid_search.js';
export { type RandomSearchOptions, randomSearch } from './random_search.js';
export {
  crossValidate,
  type Fold,
  type NamedScores,
  overSeeds,
  type Repeated,
  type RepeatOptions,
} from './repeat.js';
export { scoreGrid } from './score_grid.js';
export type { Objective, SearchOptions, SearchProgress, SearchResult, Trial, TrialContext } from './search.js';
export { choice, type Dimension, integer, logUniform, type ParametersOf, type Space, uniform } from './space.js';
export { type SuccessiveHalvingOptions, successiveHalving } from './successive_halving.js';
