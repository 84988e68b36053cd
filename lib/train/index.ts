export {
  type ActivationRecord,
  activationStatistics,
  type LayerActivation,
} from './callbacks/activation_statistics.js';
export type { AnyTrainer, Callback, Outcome } from './callbacks/callback.js';
export { csvLog } from './callbacks/csv_log.js';
export { type BestOptions, type EarlyStoppingOptions, earlyStopping } from './callbacks/early_stopping.js';
export { type GradientRecord, gradientStatistics, type ParameterGradient } from './callbacks/gradient_statistics.js';
export { checkpointOf, keepBest, keepLast } from './callbacks/keep_checkpoints.js';
export { type TensorBoardOptions, tensorBoard } from './callbacks/tensor_board.js';
export { terminateOnNaN } from './callbacks/terminate_on_nan.js';
export { stopOnInterrupt } from './interrupt.js';
export { type Job, type JobEvents, type JobFunction, type JobOptions, type JobPlan, startJob } from './job.js';
export { type Progress, ProgressBar, type ProgressOptions } from './progress.js';
export type {
  Batches,
  BatchMetric,
  EpochRecord,
  Example,
  FitOptions,
  Losses,
  Scores,
  StepOptions,
  StepRecord,
  TrainerEvents,
  TrainerOptions,
  TrainerParts,
} from './records.js';
export { logMetrics, type Run, showProgress } from './reporters.js';
export type { WeightsOfStep } from './shared_weights.js';
export { Trainer } from './trainer.js';
