export { CosineAnnealingLR } from './cosine_annealing_lr.js';
export { Schedule, type ScheduleState } from './schedule.js';
export { StepLR } from './step_lr.js';
