import { checkFinite } from '../../core/check.js';
import { relu } from '../activation/relu.js';
import { add } from '../elementwise/add.js';
import { ne } from '../elementwise/ne.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { elementLoss } from './loss.js';

export interface HingeEmbeddingLossOptions {
  /** How far apart the dissimilar shall be; default 1. */
  margin?: number;
}

export const checkHingeEmbedding = (op: string, { margin = 1 }: HingeEmbeddingLossOptions): void =>
  checkFinite(op, 'margin', margin);

/**
 * Loss of distances: input where target is 1, max(0, margin − input) where it is −1; reduced.
 *
 * @param input   [...], distances
 * @param target  of input's shape, 1 for the similar, −1 for the dissimilar
 * @returns       [], or with reduction 'none' of input's shape
 * @throws ValueError "hingeEmbeddingLoss: margin must be a finite number; got NaN"
 */
export const hingeEmbeddingLoss = elementLoss<HingeEmbeddingLossOptions>(
  'hingeEmbeddingLoss',
  (x, t, { margin = 1 }) => add(where(ne(t, -1), x, 0), where(ne(t, 1), relu(sub(margin, x)), 0)),
  { check: checkHingeEmbedding },
);
