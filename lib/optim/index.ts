export { Averaging, type AveragingOptions, type AveragingState, EMA, SWA } from './averaging.js';
export { clipGradNorm, clipGradValue } from './clip.js';
export { maxNorm, nonNegative, unitNorm } from './constraint.js';
export {
  type LrBounds,
  type LrRange,
  type LrRangeTestBatches,
  type LrRangeTestOptions,
  lrBounds,
  lrRangeTest,
} from './lr_range_test.js';
export {
  type Closure,
  type Group,
  Optimizer,
  type OptimizerInput,
  type OptimizerOptions,
  type OptimizerState,
} from './optimizer.js';
export { activityPenalty, elasticPenalty, l1Penalty, l2Penalty, type PenaltyOptions } from './penalty.js';
export * from './rule/index.js';
export * from './schedule/index.js';
