import { checkWhole } from '../../core/check.js';
import type { FloatDType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { classesOf, type Labels } from '../classes.js';

/**
 * Weights of classes for a loss, such that every class counts alike: n / (classes · nᵢ) for a class with nᵢ of n examples.
 *
 *     crossEntropy(logits, labels, { weight: classWeights(labels) })
 *
 * @param labels           the class of each example, 0 … classes − 1
 * @param options.classes  how many there are; default: one more than the largest label
 * @returns                [classes], float32 if not told otherwise
 * @throws ValueError "classWeights: every class must have an example; class 2 of 4 has none"
 * @source King, Zeng 2001, "Logistic regression in rare event data"; scikit-learn's class_weight='balanced'
 */
export function classWeights<D extends FloatDType = 'float32'>(
  labels: Tensor | ArrayLike<number>,
  options: { classes?: number; dtype?: D } = {},
): Tensor<[number], D> {
  const found = classesOf('classWeights', 'labels', labels);
  const counts = new Map(found.classes.map((label, i) => [Number(label), found.counts[i]]));
  for (const label of counts.keys()) checkWhole('classWeights', 'a label', label, 0);
  const largest = Math.max(...counts.keys());
  const { classes = largest + 1, dtype = 'float32' as D } = options;
  checkWhole('classWeights', 'classes', classes, 1);
  if (largest >= classes) {
    throw new ValueError(`classWeights: labels must be from 0 to ${classes - 1}; got ${largest}`);
  }
  const weights: number[] = [];
  for (let label = 0; label < classes; label++) {
    const count = counts.get(label);
    if (count === undefined) {
      throw new ValueError(`classWeights: every class must have an example; class ${label} of ${classes} has none`);
    }
    weights.push(found.codes.length / (classes * count));
  }
  return tensor(Float64Array.from(weights), { dtype });
}

/**
 * Weights of examples such that every class counts alike: n / (classes · nᵢ) for one of a class with nᵢ of n examples.
 *
 * @param labels  the class of each example
 * @source scikit-learn's compute_sample_weight('balanced')
 */
export function sampleWeights(labels: Labels): Float64Array {
  const { codes, counts } = classesOf('sampleWeights', 'labels', labels);
  return Float64Array.from(codes, (code) => codes.length / (counts.length * counts[code]));
}
