import { ablation, checkConvergence, errorGaps, learningCurve } from 'adjoint/diagnose';
import type { EpochRecord } from 'adjoint/train';
import { describe, expect, it } from 'vitest';
import { message } from '../message.js';

describe('learningCurve', () => {
  it('is what scores are of each number of examples, over seeds', async () => {
    const seen: number[][] = [];
    const curve = await learningCurve(
      (count, seed) => {
        seen.push([count, seed]);
        return { validation: count + seed / 8 };
      },
      [1, 2],
      { seeds: [0, 2] },
    );
    expect(seen).toEqual([
      [1, 0],
      [1, 2],
      [2, 0],
      [2, 2],
    ]);
    expect(curve.map(({ count, summary }) => [count, summary.validation.mean])).toEqual([
      [1, 1.125],
      [2, 2.125],
    ]);
    expect(curve[1].scores).toEqual([{ validation: 2 }, { validation: 2.25 }]);
  });

  it('refuses no examples, and ends at the signal', async () => {
    const one = () => ({ score: 1 });
    await expect(learningCurve(one, [3, 0])).rejects.toThrow(
      'learningCurve: a count must be a whole number ≥ 1; got 0',
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(learningCurve(one, [3], { signal })).rejects.toThrow('enough');
  });
});

describe('ablation', () => {
  const worth = { a: 0.2, b: 0.05 };
  const accuracy = (without: 'a' | 'b' | null, seed: number): number =>
    0.9 - (without === null ? 0 : worth[without]) + seed / 100;

  it('says what each part is worth', async () => {
    const { whole, parts } = await ablation(['a', 'b'], accuracy, { seeds: 3 });
    expect(whole).toMatchObject({ count: 3, least: 0.9, most: 0.92 });
    expect(parts.map(({ without }) => without)).toEqual(['a', 'b']);
    expect(parts[0].decline).toBeCloseTo(0.2, 14);
    expect(parts[1].decline).toBeCloseTo(0.05, 14);
    expect(parts[1].score.deviation).toBeCloseTo(0.01, 14);
  });

  it('turns round where less is better', async () => {
    const loss = async (without: 'a' | null) => (without === 'a' ? 0.5 : 0.3);
    const { parts } = await ablation(['a'], loss, { better: 'lower' });
    expect(parts[0].decline).toBeCloseTo(0.2, 14);
  });
});

describe('errorGaps', () => {
  it('add up to what is lost', () => {
    const gaps = errorGaps({ optimal: 1, train: 0.99, trainDev: 0.97, dev: 0.9, test: 0.89 });
    expect(gaps.bias).toBeCloseTo(0.01, 14);
    expect(gaps.variance).toBeCloseTo(0.02, 14);
    expect(gaps.mismatch).toBeCloseTo(0.07, 14);
    expect(gaps.overfitting).toBeCloseTo(0.01, 14);
  });

  it('turn round where less is better, and leave out what is not known', () => {
    const gaps = errorGaps({ train: 0.1, trainDev: 0.3, dev: 0.4 }, 'lower');
    expect(gaps.mismatch).toBeCloseTo(0.1, 14);
    expect([gaps.bias, gaps.overfitting]).toEqual([NaN, NaN]);
    expect(message(() => errorGaps({ train: NaN, trainDev: 1, dev: 1 }))).toBe(
      'ValueError errorGaps: train must be a finite number; got NaN',
    );
  });
});

describe('checkConvergence', () => {
  const history = (losses: number[], accuracies?: number[]): EpochRecord<any>[] =>
    losses.map((loss, i) => ({
      epoch: i + 1,
      train: { loss, ...(accuracies && { accuracy: accuracies[i] }) },
      seconds: 1,
      itemsPerSecond: 1,
    }));
  const failed = (losses: number[], accuracies?: number[], options = {}): string[] =>
    checkConvergence(history(losses, accuracies), options)
      .filter(({ passed }) => !passed)
      .map(({ check }) => check);

  const rising = [0.2, 0.5, 0.8, 0.9, 0.98, 1];
  const falling = [2, 1, 0.6, 0.7, 0.4, 0.2];

  it('passes what converges', () => {
    expect(failed(falling, rising)).toEqual([]);
    expect(checkConvergence(history(falling))).toHaveLength(2);
    const [falls, steady, rises, enough] = checkConvergence(history(falling, rising));
    expect(falls.value).toBeCloseTo(0.3 - 1.5, 14);
    expect(steady.value).toBeCloseTo(0.1 / 1.9, 13);
    expect(rises.value).toBeCloseTo(0.99 - 0.35, 14);
    expect(enough.value).toBe(1);
  });

  it('tells each symptom, lecture notes 004, lines 1867–1884', () => {
    expect(failed([2, 2.1, 2.2, 2.3], [0.1, 0.1, 0.1, 0.1])).toEqual([
      'loss falls',
      'loss is steady',
      'metric rises',
      'metric is enough',
    ]);
    // Up and down, and all in all down.
    expect(failed([2, 0.5, 1.9, 0.4, 1.8, 0.3], rising)).toEqual(['loss is steady']);
    expect(failed([2, 0.5, 1.9, 0.4, 1.8, 0.3], rising, { fluctuation: 0.9 })).toEqual([]);
    const wrongLoss = checkConvergence(history(falling, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]));
    expect(wrongLoss[2]).toMatchObject({ check: 'metric rises', passed: false });
    expect(wrongLoss[2].causes).toEqual(['the loss, which is not of what the metric counts']);
    const stiff = rising.map((accuracy) => 0.8 * accuracy);
    expect(failed(falling, stiff)).toEqual(['metric is enough']);
    expect(failed(falling, stiff, { enough: 0.75 })).toEqual([]);
    // A loss that is no number falls nowhere.
    expect(failed([2, 1, NaN])).toEqual(['loss falls', 'loss is steady']);
    expect(failed([1, 1, 1])).toEqual(['loss falls', 'loss is steady']);
  });

  it('refuses what it cannot judge', () => {
    const refusal = (epochs: number, options = {}): string =>
      message(() => checkConvergence(history(falling.slice(0, epochs), rising), options));
    expect(refusal(1)).toBe('ValueError checkConvergence: the history must have three epochs or more; got 1');
    expect(refusal(3, { metric: 'f1' })).toBe(
      'ValueError checkConvergence: metric must be one of loss, accuracy; got f1',
    );
    expect(refusal(3, { enough: NaN })).toBe('ValueError checkConvergence: enough must be a finite number; got NaN');
    expect(refusal(3, { fluctuation: 0 })).toBe('ValueError checkConvergence: fluctuation must be a number > 0; got 0');
  });
});
