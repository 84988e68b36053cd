import { contingency, mcnemar, pairedT, ranks, summarise, wilcoxon } from 'adjoint/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../message.js';
import { method } from './classifiers.js';

/* Values said to be scipy's are those of scipy 1.17.1 in float64. */

/** Darwin's fifteen pairs of maize plants, crossed − self-fertilised, in eighths of an inch (Hand et al. 1994, set 3). */
const maize = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
const zeros = maize.map(() => 0);
const scores = fc.double({ min: -100, max: 100, noNaN: true });

describe('summarise', () => {
  it('describes a sample', () => {
    const { count, mean, deviation, standardError, least, most } = summarise([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([count, mean, least, most]).toEqual([8, 5, 2, 9]);
    expect(deviation).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(standardError).toBeCloseTo(Math.sqrt(32 / 7 / 8), 14);
  });

  it('takes long samples', () => {
    const { count, mean, least, most } = summarise(Float64Array.from({ length: 200_001 }, (_, i) => i));
    expect([count, mean, least, most]).toEqual([200_001, 100_000, 0, 200_000]);
  });

  it('of one value knows no spread, and of none nothing', () => {
    expect(summarise([3])).toEqual({ count: 1, mean: 3, deviation: NaN, standardError: NaN, least: 3, most: 3 });
    expect(summarise([])).toEqual({ count: 0, mean: NaN, deviation: NaN, standardError: NaN, least: NaN, most: NaN });
  });
});

describe('ranks', () => {
  it('average ties', () => {
    expect(ranks([0.2, 0.7, 0.2])).toEqual([1.5, 3, 1.5]);
    expect(ranks(new Float64Array([3, 3, 3, 1]))).toEqual([3, 3, 3, 1]);
    expect(ranks([])).toEqual([]);
  });

  it('see neighbours within the tolerance as equal', () => {
    expect(ranks([1, 1.1, 1.2, 2], { tolerance: 0.15 })).toEqual([2, 2, 2, 4]);
  });

  it('add up, and follow the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }), (values) => {
        const found = ranks(values);
        const n = values.length;
        expect(found.reduce((sum, rank) => sum + rank, 0)).toBe((n * (n + 1)) / 2);
        // A rank is how many are below, half of those alike and one half.
        values.forEach((value, i) => {
          const below = values.filter((other) => other < value).length;
          const alike = values.filter((other) => other === value).length;
          expect(found[i]).toBe(below + (alike + 1) / 2);
        });
      }),
    );
  });

  it('refuses what has no order', () => {
    expect(message(() => ranks([1, NaN]))).toBe('ValueError ranks: scores must be finite numbers; got NaN at [1]');
    expect(message(() => ranks([1], { tolerance: -1 }))).toBe(
      'ValueError ranks: tolerance must be a finite number ≥ 0; got -1',
    );
  });
});

describe('pairedT', () => {
  it("gives scipy's answer", () => {
    const found = pairedT(maize, zeros);
    expect(found.statistic).toBeCloseTo(2.14798746133112, 12);
    expect(found.pValue).toBeCloseTo(0.049702944021800866, 12);
    expect(found.degreesOfFreedom).toBe(14);
    expect(found.low).toBeCloseTo(0.03119331839297601, 9);
    expect(found.high).toBeCloseTo(41.835473348273695, 9);
    const pruned = pairedT(method(1), method(0), { confidence: 0.9 });
    expect(pruned.statistic).toBeCloseTo(2.8462370435388857, 12);
    expect(pruned.pValue).toBeCloseTo(0.013755830847342568, 12);
    expect(pruned.low).toBeCloseTo(0.005855874363975295, 12);
    expect(pruned.high).toBeCloseTo(0.02514412563602471, 12);
  });

  it('turns its sign with the pairs, and its interval holds 0 where p is above 1 − confidence', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scores, scores), { minLength: 2, maxLength: 20 }), (pairs) => {
        const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const [one, other] = [pairedT(a, b), pairedT(b, a)];
        if (Number.isNaN(one.statistic)) return;
        expect(one.statistic).toBe(-other.statistic);
        expect(one.pValue).toBe(other.pValue);
        if (Math.abs(one.pValue - 0.05) > 1e-9) expect(one.low < 0 && one.high > 0).toBe(one.pValue > 0.05);
      }),
    );
  });

  it('keeps the digits of small p', () => {
    // 2 P(T₁₃ > 40), scipy's.
    const pairs = Array.from(
      { length: 14 },
      (_, i) => (i % 2 === 0 ? -1 : 1) * Math.sqrt(13 / 14) + 40 / Math.sqrt(14),
    );
    expect(
      pairedT(
        pairs,
        pairs.map(() => 0),
      ).pValue / 5.359883768515319e-15,
    ).toBeCloseTo(1, 9);
  });

  it('knows nothing of pairs that never differ', () => {
    const { statistic, pValue } = pairedT([1, 2], [1, 2]);
    expect([statistic, pValue]).toEqual([NaN, NaN]);
  });

  it('refuses what are no pairs', () => {
    const refusal = (a: number[], b: number[], confidence = 0.95): string =>
      message(() => pairedT(a, b, { confidence }));
    expect(refusal([1, 2], [1])).toBe(
      'ShapeError pairedT: the two samples must be pairs, at least two; got 2 and 1 numbers',
    );
    expect(refusal([1], [1])).toBe(
      'ShapeError pairedT: the two samples must be pairs, at least two; got 1 and 1 numbers',
    );
    expect(refusal([1, 2], [1, Infinity])).toBe(
      'ValueError pairedT: scores must be finite numbers; got Infinity at [1]',
    );
    expect(refusal([1, 2], [1, 3], 2)).toBe('ValueError pairedT: confidence must be within 0 … 1; got 2');
  });
});

describe('mcnemar', () => {
  const of = (b: number, c: number) =>
    [
      [9945, b],
      [c, 15],
    ] as const;

  it('gives the example of lecture notes 004, lines 1764–1770: χ² 2.025, p 0.154728923485', () => {
    const { statistic, pValue } = mcnemar(of(25, 15));
    expect(statistic).toBeCloseTo(2.025, 14);
    expect(pValue).toBeCloseTo(0.154728923485, 12);
  });

  it('has an exact form, p 0.15386 of lecture notes 004, line 1769, and one without correction, χ² 2.5', () => {
    // scipy's binomtest and chi2.sf.
    expect(mcnemar(of(25, 15), { exact: true }).pValue).toBeCloseTo(0.1538599441628321, 12);
    const plain = mcnemar(of(25, 15), { correction: false });
    expect(plain.statistic).toBeCloseTo(2.5, 14);
    expect(plain.pValue).toBeCloseTo(0.11384629800665763, 13);
    expect(mcnemar(of(1000, 800)).pValue / 2.725715571023436e-6).toBeCloseTo(1, 11);
    expect(mcnemar(of(1000, 800), { exact: true }).pValue / 2.6653428811933003e-6).toBeCloseTo(1, 8);
  });

  it('is exact below 25 disagreements', () => {
    const { statistic, pValue } = mcnemar(of(3, 9));
    expect(statistic).toBe(3);
    expect(pValue).toBeCloseTo(0.14599609375, 14);
    expect(mcnemar(of(3, 9))).toEqual(mcnemar(of(9, 3)));
    expect(mcnemar(of(0, 5)).pValue).toBeCloseTo(0.0625, 14);
    expect(mcnemar(of(10, 14))).toEqual(mcnemar(of(10, 14), { exact: true }));
    expect(mcnemar(of(10, 15))).toEqual(mcnemar(of(10, 15), { exact: false }));
  });

  it('finds nothing where they err alike, or never differ', () => {
    expect(mcnemar(of(4, 4))).toEqual({ statistic: 4, pValue: 1 });
    expect(mcnemar(of(40, 40))).toEqual({ statistic: 0, pValue: 1 });
    for (const exact of [true, false]) expect(mcnemar(of(0, 0), { exact })).toEqual({ statistic: 0, pValue: 1 });
  });

  it('counts its table from what was called', () => {
    const counts = contingency([0, 1, 2, 0, 1], [0, 1, 1, 1, 1], Int32Array.of(0, 2, 2, 2, 2));
    expect(counts).toEqual([
      [1, 2],
      [1, 1],
    ]);
    expect(message(() => contingency([0, 1], [0], [0, 1]))).toBe(
      'ShapeError contingency: both must call the class of 2 examples; got 1 and 2',
    );
  });

  it('refuses what are no counts', () => {
    expect(message(() => mcnemar(of(1.5, 2)))).toBe('ValueError mcnemar: b must be a whole number ≥ 0; got 1.5');
    expect(message(() => mcnemar(of(1, -2)))).toBe('ValueError mcnemar: c must be a whole number ≥ 0; got -2');
  });
});

describe('wilcoxon', () => {
  it('gives the example of lecture notes 004, lines 1906–1926: R⁺ 93, R⁻ 12, z −2.542', () => {
    const found = wilcoxon(method(1), method(0), { zeros: 'split', tieCorrection: false });
    expect([found.positive, found.negative, found.statistic, found.count]).toEqual([93, 12, 12, 14]);
    expect(found.z).toBeCloseTo((12 - (14 * 15) / 4) / Math.sqrt((14 * 15 * 29) / 24), 13);
    expect(found.z).toBeCloseTo(-2.542, 3);
    // The last column of lines 1913–1926, equal differences being alike but for rounding.
    const differences = method(1).map((score, i) => Math.abs(score - method(0)[i]));
    expect(ranks(differences, { tolerance: 1e-9 })).toEqual([3.5, 7, 9, 12, 5, 3.5, 6, 1.5, 14, 1.5, 11, 13, 8, 10]);
    // scipy's, zero_method='zsplit' and 'wilcox', which correct for ties.
    const split = wilcoxon(method(1), method(0), { zeros: 'split' });
    expect(split.z).toBeCloseTo(-2.543700886736377, 12);
    expect(split.pValue).toBeCloseTo(0.01096849656422473, 12);
    const dropped = wilcoxon(method(1), method(0));
    expect([dropped.statistic, dropped.count]).toEqual([6.5, 12]);
    expect(dropped.z).toBeCloseTo(-2.550490903554589, 12);
    expect(dropped.pValue).toBeCloseTo(0.01075713311978963, 12);
  });

  it("is exact for few pairs without ties: Darwin's maize, scipy's answer", () => {
    const found = wilcoxon(maize, zeros);
    expect([found.statistic, found.positive, found.negative]).toEqual([24, 96, 24]);
    expect(found.pValue).toBeCloseTo(0.041259765625, 14);
    expect(wilcoxon(maize, zeros, { exact: false }).pValue).toBeCloseTo(0.04088813291185591, 12);
    // Lecture notes 004, line 1914 with the table of line 1928: T of 14 pairs is critical at 21 for α 0.05, exactly so.
    const ranked = Array.from({ length: 14 }, (_, i) => i + 1);
    const signed = (negative: number[]): number =>
      wilcoxon(
        ranked.map((rank) => (negative.includes(rank) ? -rank : rank)),
        ranked.map(() => 0),
      ).pValue;
    expect(signed([1, 2, 3, 4, 5, 6])).toBeLessThanOrEqual(0.05);
    expect(signed([1, 2, 3, 4, 5, 7])).toBeGreaterThan(0.05);
    // The exact p of the R⁻ = 12 of line 1908, were there no ties.
    expect(signed([12])).toBeCloseTo(0.00854, 5);
  });

  it('equals the count over all signs', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 8 }), (signs) => {
        const n = signs.length;
        const sizes = signs.map((_, i) => i + 1);
        const { statistic, pValue } = wilcoxon(
          sizes.map((size, i) => (signs[i] ? size : -size)),
          sizes.map(() => 0),
        );
        let asFarOut = 0;
        for (let mask = 0; mask < 2 ** n; mask++) {
          const positive = sizes.reduce((sum, size, i) => sum + (mask & (1 << i) ? size : 0), 0);
          if (Math.min(positive, (n * (n + 1)) / 2 - positive) <= statistic) asFarOut++;
        }
        expect(pValue).toBeCloseTo(Math.min(1, asFarOut / 2 ** n), 12);
      }),
    );
  });

  it('ignores one of an odd number of zeros that are split', () => {
    const { positive, negative, count } = wilcoxon([1, 2, 3, 9, 8], [1, 2, 3, 5, 6], { zeros: 'split' });
    expect([positive, negative, count]).toEqual([8.5, 1.5, 4]);
  });

  it('takes no difference for none but for rounding', () => {
    expect(wilcoxon([0.1 + 0.2, 1, 2], [0.3, 0.5, 3]).count).toBe(2);
  });

  it('knows nothing where nothing differs', () => {
    expect(wilcoxon([1, 2], [1, 2])).toMatchObject({ count: 0, z: NaN, pValue: NaN });
    expect(wilcoxon([1, 2], [1, 2], { zeros: 'split' })).toMatchObject({ count: 2, pValue: 1 });
  });

  it('refuses the exact distribution where there are ties', () => {
    expect(message(() => wilcoxon(method(1), method(0), { exact: true }))).toBe(
      'ValueError wilcoxon: the exact distribution knows no ties and no zeros; got 14 pairs with some; leave exact out',
    );
    expect(message(() => wilcoxon([1, 2], [2, 4], { zeros: 'pratt' as 'drop' }))).toBe(
      "ValueError wilcoxon: zeros must be 'drop' or 'split'; got 'pratt'",
    );
  });
});
