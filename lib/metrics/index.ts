export { accuracy, binaryAccuracy } from './accuracy.js';
export { balancedAccuracy, cohenKappa, matthews } from './agreement.js';
export { auc, type RocAucOptions, rocAuc } from './auc.js';
export { Average, type AverageState } from './average.js';
export { averagePrecision, type PrecisionRecallCurve, precisionRecallCurve } from './average_precision.js';
export { bleu, type Tokens } from './bleu.js';
export { brierScore } from './brier.js';
export { type CalibrationOptions, calibrationError, type ReliabilityBin, reliabilityBins } from './calibration.js';
export type { ClassOptions } from './classes.js';
export type { ConfusionCounts } from './confusion_counts.js';
export {
  accuracyOf,
  type ClassScores,
  type ConfusionMatrix,
  type ConfusionMatrixOptions,
  classScores,
  confusionMatrix,
  normalised,
  type Rates,
  ratesOf,
} from './confusion_matrix.js';
export { type DetCurve, detCurve } from './det.js';
export { meanAbsoluteError, meanSquaredError, rootMeanSquaredError } from './errors.js';
export { explainedVariance, r2 } from './explained.js';
export { generalisationGap } from './generalisation_gap.js';
export { logLoss, perplexity } from './log_loss.js';
export {
  type Box,
  type Boxes,
  boxIou,
  type Detections,
  type MeanAveragePrecisionOptions,
  meanAveragePrecision,
} from './mean_average_precision.js';
export { type Meaning, type Measure, type Measurement, type Metric, measure, metric, Running } from './metric.js';
export { hammingLoss, oneError } from './multi_label.js';
export { psnr, snr } from './noise_ratio.js';
export { dice, iou } from './overlap.js';
export { type AverageOptions, f1, fBeta, precision, recall } from './precision_recall.js';
export type { ProbabilityOptions } from './probabilities.js';
export { type RocCurve, rocCurve } from './roc.js';
export { sparsity } from './sparsity.js';
export { topKAccuracy } from './top_k_accuracy.js';
export type { Values } from './values.js';
