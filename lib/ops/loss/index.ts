export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from './binary_cross_entropy.js';
export {
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropyWithLogits,
} from './binary_cross_entropy_with_logits.js';
export { type CrossEntropyOptions, crossEntropy } from './cross_entropy.js';
export { l1Loss } from './l1_loss.js';
export type { LossOptions, LossReduction } from './loss.js';
export { mseLoss } from './mse_loss.js';
