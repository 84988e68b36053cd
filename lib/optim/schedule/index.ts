export {
  ChainedScheduler,
  type InOrderOptions,
  SequentialLR,
  WarmUpLR,
  type WarmUpOptions,
} from './compose.js';
export { ConstantLR, type ConstantOptions } from './constant_lr.js';
export { CosineAnnealingLR, type CosineOptions } from './cosine_annealing_lr.js';
export { CosineAnnealingWarmRestarts, type WarmRestartsOptions } from './cosine_annealing_warm_restarts.js';
export { CyclicLR, type CyclicLROptions, type CyclicMode, type CyclicOptions } from './cyclic_lr.js';
export { ExponentialLR, type ExponentialOptions } from './exponential_lr.js';
export { LambdaLR } from './lambda_lr.js';
export { LinearLR, type LinearOptions } from './linear_lr.js';
export { MultiStepLR, type MultiStepOptions } from './multi_step_lr.js';
export { OneCycleLR, type OneCycleLROptions, type OneCycleOptions } from './one_cycle_lr.js';
export { PolynomialLR, type PolynomialOptions } from './polynomial_lr.js';
export * as rates from './rates.js';
export { type PlateauOptions, ReduceLROnPlateau } from './reduce_lr_on_plateau.js';
export { type Rate, Schedule, type ScheduleOptions, type ScheduleState } from './schedule.js';
export { StepLR, type StepOptions } from './step_lr.js';
