import { checkWhole, given } from '../core/check.js';
import { type ClassOptions, readClasses } from './classes.js';
import type { Measurement } from './metric.js';

/** How often class `i` was taken for class `j`: `counts[i · classes + j]`. */
export interface ConfusionCounts {
  readonly classes: number;
  readonly counts: readonly number[];
}

/** What all scores of classes count. */
export function confusionCounts(op: string, counted: ClassOptions): Omit<Measurement<ConfusionCounts, never>, 'score'> {
  const options = given(counted);
  if (options.classes !== undefined) checkWhole(op, 'classes', options.classes, 1);
  return {
    count(output, target) {
      const { predicted, truth, classes } = readClasses(op, output, target, options);
      const counts = new Array<number>(classes * classes).fill(0);
      for (let i = 0; i < truth.length; i++) counts[truth[i] * classes + predicted[i]]++;
      return { classes, counts };
    },
    merge(a, b) {
      const [small, large] = a.classes < b.classes ? [a, b] : [b, a];
      const counts = [...large.counts];
      small.counts.forEach((count, at) => {
        counts[Math.floor(at / small.classes) * large.classes + (at % small.classes)] += count;
      });
      return { classes: large.classes, counts };
    },
  };
}

/** One class against the rest. */
export interface ClassCounts {
  /** Taken for this class, and of it. */
  readonly right: number;
  /** Taken for this class. */
  readonly called: number;
  /** Of this class. */
  readonly support: number;
}

export function classCounts({ classes, counts }: ConfusionCounts): ClassCounts[] {
  return Array.from({ length: classes }, (_, i) => {
    let support = 0;
    let called = 0;
    for (let j = 0; j < classes; j++) {
      support += counts[i * classes + j];
      called += counts[j * classes + i];
    }
    return { right: counts[i * classes + i], called, support };
  });
}

export const total = ({ counts }: ConfusionCounts): number => counts.reduce((sum, count) => sum + count, 0);
