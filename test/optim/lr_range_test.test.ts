import { tensor } from 'adjoint';
import { lrRangeTest, SGD } from 'adjoint/optim';
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
