import { checkArray, checkFraction, given } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import { type Metric, metric } from './metric.js';

/** Corners of a box: left, top, right, bottom. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** What is in an image. */
export interface Boxes {
  readonly boxes: readonly Box[];
  readonly labels: readonly number[];
}

/** What was found in an image. */
export interface Detections extends Boxes {
  readonly scores: readonly number[];
}

/** Over all images: boxes that are there by class, and what was found. */
interface Found {
  /** [class, boxes] pairs. */
  readonly positives: readonly (readonly [label: number, count: number])[];
  /** Class, score, and by threshold 1 where it is right. */
  readonly detections: readonly { readonly label: number; readonly score: number; readonly right: readonly number[] }[];
}

export interface MeanAveragePrecisionOptions {
  /** A detection is right if it overlaps a box of its class by at least this much; within 0 … 1; default [0.5]. */
  thresholds?: readonly number[];
  /**
   * Area under the curve of precision (made falling) and recall: exact, or at 11 (VOC 2007) or 101 (COCO) equal steps of
   * recall; default 'exact' (VOC 2010).
   */
  area?: 'exact' | 11 | 101;
}

/** Area of what two boxes share over that of what either covers; 0 where both are empty. */
export function boxIou(a: Box, b: Box): number {
  checkArray('boxIou', 'a', a);
  checkArray('boxIou', 'b', b);
  const side = (low: 0 | 1, high: 2 | 3): number => Math.max(0, Math.min(a[high], b[high]) - Math.max(a[low], b[low]));
  const area = ([x1, y1, x2, y2]: Box): number => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  const shared = side(0, 2) * side(1, 3);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/**
 * Mean over the classes, and over thresholds of overlap, of the average precision of detections. In each image the
 * detections of a class are taken by falling score; each takes the free box that it overlaps most, if that is enough.
 *
 * Output: detections of each image; target: the boxes that are there.
 *
 * @source Everingham et al. 2010, "The PASCAL visual object classes challenge"; Lin et al. 2014, arXiv:1405.0312;
 *         lecture notes 004, lines 1779–1790
 */
export function meanAveragePrecision(
  options: MeanAveragePrecisionOptions = {},
): Metric<Found, readonly Detections[], readonly Boxes[]> {
  const { thresholds = [0.5], area = 'exact' } = given(options);
  for (const threshold of thresholds) checkFraction('meanAveragePrecision', 'thresholds', threshold);
  return metric<Found, readonly Detections[], readonly Boxes[]>({
    better: 'higher',
    unit: 'share',
    count(output, target) {
      if (output.length !== target.length) {
        throw new ShapeError(
          `meanAveragePrecision: output and target must be of equally many images; got ${output.length} and ${target.length}`,
        );
      }
      return output.map((image, i) => found(image, target[i], thresholds)).reduce(merged, nothing);
    },
    merge: merged,
    score({ positives, detections }) {
      if (positives.length === 0) return NaN;
      const areas = positives.flatMap(([label, count]) => {
        const own = detections.filter((one) => one.label === label).sort((a, b) => b.score - a.score);
        return thresholds.map((_, t) =>
          areaUnder(
            own.map(({ right }) => right[t]),
            count,
            area,
          ),
        );
      });
      return areas.reduce((sum, one) => sum + one, 0) / areas.length;
    },
  });
}

const nothing: Found = { positives: [], detections: [] };

function merged(a: Found, b: Found): Found {
  const positives = new Map(a.positives);
  for (const [label, count] of b.positives) positives.set(label, (positives.get(label) ?? 0) + count);
  return {
    positives: [...positives].sort(([one], [other]) => one - other),
    detections: [...a.detections, ...b.detections],
  };
}

function found({ boxes, labels, scores }: Detections, truth: Boxes, thresholds: readonly number[]): Found {
  const positives = new Map<number, number>();
  for (const label of truth.labels) positives.set(label, (positives.get(label) ?? 0) + 1);
  const order = [...boxes.keys()].sort((i, j) => scores[j] - scores[i]);
  const taken = thresholds.map(() => new Set<number>());
  const detections = order.map((i) => ({
    label: labels[i],
    score: scores[i],
    right: thresholds.map((threshold, t) => {
      let best = -1;
      let most = threshold;
      truth.boxes.forEach((box, j) => {
        if (truth.labels[j] !== labels[i] || taken[t].has(j)) return;
        const overlap = boxIou(boxes[i], box);
        if (overlap < most || (best >= 0 && overlap === most)) return;
        best = j;
        most = overlap;
      });
      if (best >= 0) taken[t].add(best);
      return Number(best >= 0);
    }),
  }));
  return { positives: [...positives].sort(([a], [b]) => a - b), detections };
}

/** @param right  by falling score, 1 where a detection is right */
function areaUnder(right: readonly number[], positives: number, steps: 'exact' | 11 | 101): number {
  let hits = 0;
  const recall = right.map((one) => {
    hits += one;
    return hits / positives;
  });
  // The best precision at this recall or a higher one.
  const precision = recall.map((r, i) => (r * positives) / (i + 1));
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i], precision[i + 1]);
  if (steps === 'exact') return recall.reduce((sum, r, i) => sum + (r - (recall[i - 1] ?? 0)) * precision[i], 0);
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += precision[recall.findIndex((r) => r >= step / (steps - 1))] ?? 0;
  return sum / steps;
}
