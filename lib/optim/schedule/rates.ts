/* Rates by themselves: to be plotted, composed, or applied to any hyper-parameter by a Schedule. */
export { chained, inOrder, warmUp } from './compose.js';
export { constant } from './constant_lr.js';
export { cosine } from './cosine_annealing_lr.js';
export { warmRestarts } from './cosine_annealing_warm_restarts.js';
export { cyclic } from './cyclic_lr.js';
export { exponential } from './exponential_lr.js';
export { lambda } from './lambda_lr.js';
export { linear } from './linear_lr.js';
export { multiStep } from './multi_step_lr.js';
export { oneCycle } from './one_cycle_lr.js';
export { polynomial } from './polynomial_lr.js';
export { steps } from './step_lr.js';
