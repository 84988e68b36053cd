export { Adam, type AdamOptions, AdamW } from './adam.js';
export { clipGradNorm, clipGradValue } from './clip.js';
export { CosineAnnealingLR } from './cosine_annealing_lr.js';
export { FirstOrder } from './first_order.js';
export { LBFGS, type LBFGSOptions } from './lbfgs.js';
export {
  type Closure,
  type Group,
  Optimizer,
  type OptimizerInput,
  type OptimizerOptions,
  type OptimizerState,
} from './optimizer.js';
export { Schedule, type ScheduleState } from './schedule.js';
export { SGD, type SGDOptions } from './sgd.js';
export { StepLR } from './step_lr.js';
