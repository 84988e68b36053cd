export { type AverageRanks, averageRanks } from './average_ranks.js';
export { type BiasVariance, biasVariance } from './bias_variance.js';
export {
  type BonferroniDunn,
  type BonferroniDunnOptions,
  bonferroniDunn,
  type ControlComparison,
} from './bonferroni_dunn.js';
export { type Bootstrap, type BootstrapOptions, bootstrap } from './bootstrap.js';
export { type CriticalDifference, criticalDifference } from './critical_difference.js';
export { type Friedman, type FriedmanOptions, friedman, type ImanDavenport, imanDavenport } from './friedman.js';
export type { LevelOptions, TestResult } from './hypothesis.js';
export { type Contingency, contingency, type McNemarOptions, mcnemar } from './mcnemar.js';
export { type Nemenyi, nemenyi, type PairComparison } from './nemenyi.js';
export { type PairedT, pairedT } from './paired_t.js';
export { ranks } from './ranks.js';
export { type Correction, hochberg, holm } from './stepwise.js';
export { type Summary, summarise } from './summary.js';
export { type Wilcoxon, type WilcoxonOptions, wilcoxon } from './wilcoxon.js';
