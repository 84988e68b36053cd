export { type Progress, ProgressBar, type ProgressOptions } from './progress.js';
export { logMetrics, showProgress } from './reporters.js';
export {
  type Batches,
  type EpochRecord,
  type FitOptions,
  type Metric,
  type Scores,
  type StepRecord,
  Trainer,
  type TrainerOptions,
} from './trainer.js';
