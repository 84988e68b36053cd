import {
  averageRanks,
  bonferroniDunn,
  criticalDifference,
  friedman,
  hochberg,
  holm,
  imanDavenport,
  nemenyi,
} from 'adjoint/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from '../message.js';
import { printed, scores } from './classifiers.js';

/* Values said to be scipy's are those of scipy 1.17.1 in float64. */

const tables = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 8 })).chain(([methods, sets]) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: methods, maxLength: methods }), {
    minLength: sets,
    maxLength: sets,
  }),
);

describe('averageRanks', () => {
  it('lecture notes 004, lines 1984–1999: ranks the best first; rounded scores give 3.143, 2, 2.929, 1.929', () => {
    const { ranks, count, ties } = averageRanks(scores);
    [44 / 14, 28 / 14, 41 / 14, 27 / 14].forEach((rank, j) => {
      expect(ranks[j]).toBeCloseTo(rank, 14);
    });
    // iris, lung cancer, primary tumor and voting tie two, mushroom four.
    expect([count, ties]).toEqual([14, 4 * 6 + 60]);
  });

  it('is the same of negated scores of which the lower is better', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const negated = table.map((row) => row.map((score) => -score));
        expect(averageRanks(negated, { better: 'lower' })).toEqual(averageRanks(table));
      }),
    );
  });

  it('refuses what is no table', () => {
    const says = 'ShapeError averageRanks: at least two data sets with a score of each of two or more methods; got';
    expect(message(() => averageRanks([[1, 2]]))).toBe(`${says} 1 × 2`);
    expect(message(() => averageRanks([]))).toBe(`${says} 0 × 0`);
    expect(message(() => averageRanks([[1, 2], [1]]))).toBe(`${says} 1 of 2 methods in row 1`);
    expect(
      message(() =>
        averageRanks([
          [1, 2],
          [NaN, 1],
        ]),
      ),
    ).toBe('ValueError averageRanks: scores must be finite numbers; got NaN at [0]');
  });
});

describe('friedman and imanDavenport', () => {
  it('give the example of the printed ranks, lecture notes 004, lines 1976–1980: 9.28, 3.69', () => {
    const chi2 = friedman(printed);
    expect(chi2.statistic).toBeCloseTo(9.28, 2);
    expect(chi2.statistic).toBeCloseTo(9.283629599999978, 10);
    expect(chi2.pValue).toBeCloseTo(0.025748158001561782, 11);
    expect(chi2.degreesOfFreedom).toBe(3);
    const f = imanDavenport(printed);
    expect(f.statistic).toBeCloseTo(3.69, 2);
    expect(f.statistic).toBeCloseTo(3.688892848578326, 10);
    expect(f.pValue).toBeCloseTo(0.019767760040617754, 11);
    expect(f.degreesOfFreedom).toEqual([3, 39]);
  });

  it("lecture notes 004, lines 1984–1999: give scipy's answer, and 9.857, 3.987 without tie correction", () => {
    const averages = averageRanks(scores);
    const chi2 = friedman(averages);
    expect(chi2.statistic).toBeCloseTo(10.952380952380956, 11);
    expect(chi2.pValue).toBeCloseTo(0.011986176325417788, 12);
    expect(imanDavenport(averages).statistic).toBeCloseTo(4.585889570552149, 11);
    expect(imanDavenport(averages).pValue).toBeCloseTo(0.007628838730725745, 12);
    expect(friedman(averages, { tieCorrection: false }).statistic).toBeCloseTo(9.857142857142824, 11);
    expect(imanDavenport(averages, { tieCorrection: false }).statistic).toBeCloseTo(3.9866666666666495, 11);
  });

  it('find the most where all data sets rank alike, and nothing where ranks are even', () => {
    const alike = { ranks: [1, 2, 3], count: 5 };
    expect(friedman(alike).statistic).toBeCloseTo(10, 12);
    expect(imanDavenport(alike)).toMatchObject({ statistic: Infinity, pValue: 0 });
    const even = { ranks: [2, 2, 2], count: 5 };
    expect(friedman(even)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(imanDavenport(even)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(
      friedman(
        averageRanks([
          [1, 1],
          [2, 2],
        ]),
      ).statistic,
    ).toBeNaN();
  });

  it('refuse fewer than two data sets or methods', () => {
    expect(message(() => friedman({ ranks: [1, 2], count: 1 }))).toBe(
      'ValueError friedman: count must be a whole number ≥ 2; got 1',
    );
    expect(message(() => imanDavenport({ ranks: [1], count: 3 }))).toBe(
      'ShapeError imanDavenport: at least two methods are compared; got 1',
    );
  });
});

describe('nemenyi', () => {
  it('gives the critical differences of lecture notes 004, lines 2092–2094: 1.25 for 0.05, 1.12 for 0.10', () => {
    const strict = nemenyi(printed);
    expect(strict.cd).toBeCloseTo(1.2535591471176057, 6);
    expect(strict.comparisons.filter(({ differ }) => differ)).toEqual([]);
    const loose = nemenyi(printed, { alpha: 0.1 });
    expect(loose.cd).toBeCloseTo(1.1180601669815278, 6);
    // C4.5 against C4.5+m and C4.5+m+cf: line 2094 names C4.5+cf where its numbers say C4.5+m+cf.
    expect(loose.comparisons.filter(({ differ }) => differ).map(({ methods }) => methods)).toEqual([
      [0, 1],
      [0, 3],
    ]);
  });

  it("has table (a) of lecture notes 004, lines 2068–2070, and scipy's p", () => {
    const critical = (methods: number, alpha: number): number => {
      const standardError = Math.sqrt((methods * (methods + 1)) / 60);
      return nemenyi({ ranks: new Array(methods).fill(1), count: 10 }, { alpha }).cd / standardError;
    };
    [1.96, 2.343, 2.569, 2.728, 2.85, 2.949, 3.031, 3.102, 3.164].forEach((q, i) => {
      expect(Math.abs(critical(i + 2, 0.05) - q)).toBeLessThan(1.1e-3);
    });
    [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.78, 2.855, 2.92].forEach((q, i) => {
      expect(Math.abs(critical(i + 2, 0.1) - q)).toBeLessThan(1.1e-3);
    });
    const expected = [
      0.08861054889981224, 0.9561771752218107, 0.07402338390346863, 0.25909240736678407, 0.9998560537561012,
      0.2263235066718262,
    ];
    nemenyi(printed).comparisons.forEach(({ pValue }, i) => {
      expect(pValue).toBeCloseTo(expected[i], 10);
    });
  });

  it('calls different what has p of at most alpha', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(0.01, 0.05, 0.1, 0.3), (table, alpha) => {
        for (const { pValue, differ } of nemenyi(averageRanks(table), { alpha }).comparisons) {
          if (Math.abs(pValue - alpha) > 1e-6) expect(differ).toBe(pValue < alpha);
        }
      }),
    );
  });

  it('refuses a level that is none', () => {
    for (const alpha of [0, 0.6, NaN]) {
      expect(message(() => nemenyi(printed, { alpha }))).toBe(
        `ValueError nemenyi: alpha must be above 0 and at most 0.5; got ${alpha}`,
      );
    }
  });
});

describe('criticalDifference', () => {
  it('groups the classifiers of lecture notes 004, line 2094: C4.5+cf is in both groups', () => {
    const { ranks, order, groups, cd } = criticalDifference(printed, { alpha: 0.1 });
    expect(ranks).toBe(printed.ranks);
    expect(order).toEqual([3, 1, 2, 0]);
    expect(groups).toEqual([
      [3, 1, 2],
      [2, 0],
    ]);
    expect(cd).toBeCloseTo(1.118, 3);
    expect(criticalDifference(printed).groups).toEqual([[3, 1, 2, 0]]);
  });

  it('leaves out groups of one', () => {
    expect(criticalDifference({ ranks: [1, 2, 3], count: 1000 }).groups).toEqual([]);
    expect(criticalDifference({ ranks: [1, 2.98, 3], count: 1000 }).groups).toEqual([[1, 2]]);
  });

  it('has each pair that does not differ in a group, none that does, and no group within another', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const averages = averageRanks(table);
        const { groups } = criticalDifference(averages);
        for (const { methods, differ } of nemenyi(averages).comparisons) {
          expect(groups.some((group) => methods.every((method) => group.includes(method)))).toBe(!differ);
        }
        for (const group of groups) {
          const others = groups.filter((other) => other !== group);
          expect(others.some((other) => group.every((method) => other.includes(method)))).toBe(false);
        }
      }),
    );
  });
});

describe('bonferroniDunn', () => {
  it('gives the example of lecture notes 004, lines 2096–2106: CD 1.16, z 2.342, 0.512, 2.416', () => {
    const { cd, comparisons } = bonferroniDunn(printed);
    // Printed 1.16 for 1.168.
    expect(cd).toBeCloseTo(1.1681425306400992, 10);
    expect(comparisons.map(({ method }) => method)).toEqual([1, 2, 3]);
    [2.34245295, 0.51234754, 2.41623099].forEach((z, i) => {
      expect(comparisons[i].statistic).toBeCloseTo(z, 8);
    });
    [0.01915745, 0.6084078, 0.01568211].forEach((p, i) => {
      expect(comparisons[i].pValue).toBeCloseTo(p, 8);
      expect(comparisons[i].adjusted).toBeCloseTo(Math.min(1, 3 * p), 7);
    });
    expect(comparisons.map(({ differ }) => differ)).toEqual([false, false, true]);
  });

  it('has table (b) of lecture notes 004, lines 2076–2078, but for 2.734, printed 2.724', () => {
    const critical = (methods: number, alpha: number): number => {
      const standardError = Math.sqrt((methods * (methods + 1)) / 60);
      const averages = { ranks: new Array(methods).fill(1), count: 10 };
      return bonferroniDunn(averages, { alpha }).cd / standardError;
    };
    [1.96, 2.241, 2.394, 2.498, 2.576, 2.638, 2.69, 2.734, 2.773].forEach((q, i) => {
      expect(Math.abs(critical(i + 2, 0.05) - q)).toBeLessThan(6e-4);
    });
    [1.645, 1.96, 2.128, 2.241, 2.326, 2.394, 2.45, 2.498, 2.539].forEach((q, i) => {
      expect(Math.abs(critical(i + 2, 0.1) - q)).toBeLessThan(6e-4);
    });
  });

  it('compares with another control', () => {
    const { comparisons } = bonferroniDunn(printed, { control: 3, alpha: 0.1 });
    expect(comparisons.map(({ method, differ }) => [method, differ])).toEqual([
      [0, true],
      [1, false],
      [2, false],
    ]);
    expect(message(() => bonferroniDunn(printed, { control: 4 }))).toBe(
      'ValueError bonferroniDunn: control must be within 0 … 3, the methods; got 4',
    );
  });
});

describe('holm and hochberg', () => {
  it('lecture notes 004, lines 2098–2126: thresholds 0.017, 0.025, 0.050; reject, reject, retain', () => {
    const found = holm(bonferroniDunn(printed).comparisons.map(({ pValue }) => pValue));
    expect(found.map(({ rejected }) => rejected)).toEqual([true, false, true]);
    [0.025, 0.05, 0.05 / 3].forEach((threshold, i) => {
      expect(found[i].threshold).toBeCloseTo(threshold, 14);
    });
    [0.019, 0.608, 0.016].forEach((p, i) => {
      expect(found[i].pValue).toBeCloseTo(p, 3);
    });
  });

  it('differ as step-down and step-up do', () => {
    // R's p.adjust(c(0.01, 0.04, 0.03, 0.045), 'holm') and 'hochberg', by the definitions.
    const p = [0.01, 0.04, 0.03, 0.045];
    const adjusted = (found: ReturnType<typeof holm>): number[] =>
      found.map(({ adjusted }) => Number(adjusted.toFixed(12)));
    expect(adjusted(holm(p))).toEqual([0.04, 0.09, 0.09, 0.09]);
    expect(adjusted(hochberg(p))).toEqual([0.04, 0.045, 0.045, 0.045]);
    expect(holm(p).map(({ rejected }) => rejected)).toEqual([true, false, false, false]);
    expect(hochberg(p).map(({ rejected }) => rejected)).toEqual([true, true, true, true]);
  });

  it('reject as the steps say', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { maxLength: 8 }), (p) => {
        const m = p.length;
        const order = [...p.keys()].sort((i, j) => p[i] - p[j]);
        const isBelow = order.map((place, i) => p[place] * (m - i) <= 0.05);
        const stepDown = isBelow.includes(false) ? isBelow.indexOf(false) : m;
        const stepUp = isBelow.lastIndexOf(true) + 1;
        const rejected = (found: ReturnType<typeof holm>): boolean[] => order.map((place) => found[place].rejected);
        expect(rejected(holm(p))).toEqual(order.map((_, i) => i < stepDown));
        expect(rejected(hochberg(p))).toEqual(order.map((_, i) => i < stepUp));
      }),
    );
  });

  it('refuse what is no probability', () => {
    expect(message(() => holm([0.1, 2]))).toBe('ValueError holm: a p value must be within 0 … 1; got 2');
    expect(message(() => hochberg([NaN]))).toBe('ValueError hochberg: a p value must be within 0 … 1; got NaN');
    expect(message(() => holm([0.1], { alpha: 1 }))).toBe(
      'ValueError holm: alpha must be above 0 and at most 0.5; got 1',
    );
  });
});
