export { accuracy } from './accuracy.js';
export { Average } from './average.js';
export {
  accuracyOf,
  type ClassScores,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  renderConfusion,
} from './confusion.js';
