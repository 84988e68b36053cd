export {
  accuracyOf,
  type ClassScores,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  renderConfusion,
} from './confusion.js';
