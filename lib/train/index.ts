export type { EarlyStopping } from './early_stopping.js';
export { stopOnInterrupt } from './interrupt.js';
export { type Job, type JobEvents, type JobFunction, type JobOptions, type JobPlan, startJob } from './job.js';
export { type Progress, ProgressBar, type ProgressOptions } from './progress.js';
export { logMetrics, type Run, showProgress } from './reporters.js';
export type { WeightsOfStep } from './shared_weights.js';
export {
  type Batches,
  type EpochRecord,
  type FitOptions,
  type Metric,
  type Scores,
  type StepRecord,
  Trainer,
  type TrainerEvents,
  type TrainerOptions,
} from './trainer.js';
