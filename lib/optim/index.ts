export { clipGradNorm, clipGradValue } from './clip.js';
export {
  type Closure,
  type Group,
  Optimizer,
  type OptimizerInput,
  type OptimizerOptions,
  type OptimizerState,
} from './optimizer.js';
export * from './rule/index.js';
export * from './schedule/index.js';
