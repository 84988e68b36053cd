export { type AblatedPart, type Ablation, type AblationOptions, ablation } from './ablation.js';
export { type ConvergenceCheck, type ConvergenceOptions, checkConvergence } from './convergence.js';
export { type ErrorGaps, errorGaps, type SplitScores } from './error_gaps.js';
export { type LearningCurveOptions, type LearningPoint, learningCurve } from './learning_curve.js';
