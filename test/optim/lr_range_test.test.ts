import { tensor } from 'adjoint';
import { lrBounds, lrRangeTest, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { message } from '../message.js';

describe('lrRangeTest', () => {
  /** x² / 2, which a step multiplies by (1 − rate)²: it falls up to rate 2, and grows above. */
  const build = () => {
    const x = tensor([1], { dtype: 'float64' }).requireGrad();
    const optimizer = new SGD([x], { lr: 0.3, momentum: 0 });
    const step = (): number => {
      optimizer.zeroGrad();
      const loss = x.square().mul(0.5).sum();
      loss.backward();
      optimizer.step();
      return loss.item() as number;
    };
    return { x, optimizer, step };
  };

  it('raises the rate by one factor, stops where the loss diverges, and puts everything back', () => {
    const { x, optimizer, step } = build();
    const { rates, losses } = lrRangeTest(optimizer, step, { from: 0.013, to: 130, steps: 41 });
    rates.forEach((rate, i) => {
      expect(rate / (0.013 * 10 ** (i / 10))).toBeCloseTo(1, 12);
    });
    expect(rates.length).toBe(losses.length);
    // The loss before step i, by the factors of the steps before it.
    let expected = 0.5;
    losses.forEach((loss, i) => {
      expect(loss / expected).toBeCloseTo(1, 9);
      expected *= (1 - rates[i]) ** 2;
    });
    const lowest = Math.min(...losses);
    expect(losses.at(-1)).toBeGreaterThan(4 * lowest);
    expect(losses.slice(0, -1).every((loss, i) => loss <= 4 * Math.min(...losses.slice(0, i + 1)))).toBe(true);
    expect([x.item(), optimizer.groups[0].lr]).toEqual([1, 0.3]);
  });

  it('goes through all rates where nothing diverges', () => {
    const { optimizer, step } = build();
    const { rates } = lrRangeTest(optimizer, step, { from: 0.01, to: 0.1, steps: 5 });
    expect(rates.length).toBe(5);
    expect(rates.at(-1)).toBeCloseTo(0.1, 14);
  });

  it('gives steps the batches, again and again', () => {
    const { optimizer, step } = build();
    const seen: number[] = [];
    const take = (x: number, y: number): number => {
      seen.push(10 * x + y);
      return step();
    };
    const batches: [number, number][] = [
      [1, 2],
      [3, 4],
    ];
    const options = { from: 0.01, to: 0.1, steps: 5 };
    lrRangeTest(optimizer, take, { ...options, batches });
    expect(seen).toEqual([12, 34, 12, 34, 12]);
    const refusal = (batches: Iterable<[number, number]>): string =>
      message(() => lrRangeTest(optimizer, take, { ...options, batches }));
    const says = (step: number): string =>
      `ValueError lrRangeTest: batches must begin again where they end; there is none for step ${step}; give a DataLoader or an array`;
    expect(refusal([])).toBe(says(1));
    expect(refusal(batches.values())).toBe(says(3));
    expect(optimizer.groups[0].lr).toBe(0.3);
  });

  it('puts everything back where a step fails', () => {
    const { x, optimizer, step } = build();
    let calls = 0;
    const failing = (): number => {
      if (calls++ === 3) throw new Error('no data');
      return step();
    };
    expect(message(() => lrRangeTest(optimizer, failing, { from: 0.1, to: 1 }))).toBe('Error no data');
    expect([x.item(), optimizer.groups[0].lr]).toEqual([1, 0.3]);
  });

  it('stops at a loss that is no number', () => {
    const { optimizer } = build();
    expect(lrRangeTest(optimizer, () => Number.NaN).losses).toEqual([Number.NaN]);
  });

  it('refuses what makes no sense', () => {
    const { optimizer, step } = build();
    const refusal = (options: object): string => message(() => lrRangeTest(optimizer, step, options));
    expect(refusal({ from: 0 })).toBe('ValueError lrRangeTest: from must be a number > 0; got 0');
    expect(refusal({ to: -1 })).toBe('ValueError lrRangeTest: to must be a number > 0; got -1');
    expect(refusal({ divergence: 0 })).toBe('ValueError lrRangeTest: divergence must be a number > 0; got 0');
    expect(refusal({ steps: 1 })).toBe('ValueError lrRangeTest: steps must be a whole number ≥ 2; got 1');
    expect(refusal({ from: 1, to: 0.5 })).toBe('ValueError lrRangeTest: to must be above from; got from 1 to 0.5');
  });
});

describe('lrBounds', () => {
  /** Twenty rates a decade: the loss stays, falls from 2 to 1 between 1e-3 and 0.1, stays, and rises from 10 on. */
  const rates = Array.from({ length: 121 }, (_, i) => 10 ** (-4 + i / 20));
  const lossAt = (decade: number): number =>
    decade < -3
      ? 2
      : decade < -1
        ? 2 - (decade + 3) / 2
        : decade < 1
          ? 1
          : decade < 1.5
            ? 1 + (decade - 1) * 8
            : Infinity;
  const losses = rates.map((rate) => lossAt(Math.log10(rate)));

  it('reads where the loss begins to fall and where it begins to diverge', () => {
    const { baseLr, maxLr } = lrBounds({ rates, losses });
    // A fifth of the way down is four tenths of a decade above -3.
    expect(Math.abs(Math.log10(baseLr) + 2.6)).toBeLessThan(0.051);
    // The average of 13 losses begins to see the rise three tenths of a decade before it: 2.4 / 13, then 4 / 13 above.
    expect(Math.log10(maxLr)).toBeCloseTo(0.85, 6);
  });

  it('averages out single losses, and leaves out what is no number', () => {
    const noisy = losses.map((loss, i) => (i === 60 ? NaN : loss + (i % 2 === 0 ? 0.3 : -0.3)));
    const { baseLr, maxLr } = lrBounds({ rates, losses: noisy });
    // The average leaves 0.3 / 13 of it: a step or two of a twentieth.
    expect(Math.abs(Math.log10(baseLr) + 2.6)).toBeLessThan(0.2);
    expect(Math.abs(Math.log10(maxLr) - 0.85)).toBeLessThan(0.2);
  });

  it('refuses a test in which nothing falls', () => {
    const refusal = (losses: number[]): string => message(() => lrBounds({ rates, losses }));
    const says = (count: number): string =>
      `ValueError lrBounds: the loss must fall; none of ${count} is below the first; begin with a lower rate`;
    expect(refusal([1, 1, 2, 3])).toBe(says(4));
    expect(refusal([NaN])).toBe(says(1));
  });
});
