import { type Tensor, tensor } from 'adjoint';
import { type Measure, Running } from 'adjoint/metrics';
import { describe, expect, it } from 'vitest';
import { engines, randomSequence } from './harness.js';

/** What a metric should say of examples; arrays, the first axis counts them. */
export interface MetricSample {
  output: Rows;
  target: Rows;
  score: unknown;
}

export interface MetricSpec {
  samples: readonly MetricSample[];
  /** Of no examples; default NaN. */
  empty?: unknown;
  /** Whether it takes tensors too; default true. */
  tensors?: boolean;
  errors?: readonly { call: () => unknown; says: Error }[];
}

type Rows = readonly unknown[];

/**
 * Holds a metric to its description: its value of arrays and of tensors, on every engine; the same whole and in batches,
 * however they are cut; counts that survive JSON, merge in any grouping and are not changed by it; nothing of nothing; each
 * error by its full text.
 */
export function metricSpec<C, S>(
  name: string,
  metric: Measure<C, S, any, any>,
  { samples, empty = NaN, tensors = true, errors = [] }: MetricSpec,
): void {
  describe(name, () => {
    describe.each(samples.map((sample, i) => ({ i, ...sample })))('of sample $i', ({ output, target, score }) => {
      const n = output.length;

      it('has its value', () => {
        expectNear(metric(output, target), score);
      });

      if (tensors) {
        it.each(engines)('has it of tensors on $name', ({ use }) => {
          use();
          const dtype = { dtype: 'float64' } as const;
          expectNear(metric(tensor(output as number[], dtype), tensor(target as number[], dtype)), score);
        });
      }

      it('has it in batches of any sizes', () => {
        const random = randomSequence(n);
        for (let run = 0; run < 20; run++) {
          const running = new Running(metric);
          for (let at = 0; at < n; ) {
            const end = at + Math.floor(random() * (n - at + 1));
            // Of arrays without rows nothing says how long a row would be.
            if (end > at) running.add(output.slice(at, end), target.slice(at, end));
            const other = new Running(metric);
            other.loadStateDict(JSON.parse(JSON.stringify(running.stateDict())));
            expect(other.stateDict()).toEqual(running.stateDict());
            at = end;
          }
          expectNear(running.value, score);
        }
      });

      it('merges in any grouping and changes nothing', () => {
        const cuts = [0, Math.floor(n / 3), Math.floor((2 * n) / 3), n];
        const parts = [0, 1, 2]
          .filter((i) => cuts[i + 1] > cuts[i])
          .map((i) => metric.count(output.slice(cuts[i], cuts[i + 1]), target.slice(cuts[i], cuts[i + 1])));
        const before = structuredClone(parts);
        const left = parts.reduce((a, b) => metric.merge(a, b));
        const right = parts.reduceRight((b, a) => metric.merge(a, b));
        expectNear(left, right);
        expect(parts).toEqual(before);
      });
    });

    it('says of nothing that it is nothing', () => {
      expect(new Running(metric).value).toBeUndefined();
      const [{ output, target }] = samples;
      const nothing = (rows: Rows): Rows | Tensor =>
        tensors ? tensor(rows as number[], { dtype: 'float64' }).slice([0, 0]) : [];
      const [none, of] = [nothing(output), nothing(target)];
      expectNear(metric(none, of), empty);
      // Nor does an empty batch change anything.
      const running = new Running(metric);
      running.add(output, target);
      const before = running.value;
      running.add(none, of);
      expectNear(running.value, before);
    });

    if (errors.length > 0) {
      it('refuses what it cannot measure', () => {
        for (const { call, says } of errors) expect(call).toThrow(says);
      });
    }
  });
}

/** Equal up to rounding, whatever is nested in it. */
export function expectNear(actual: unknown, expected: unknown): void {
  if (typeof expected === 'number') {
    const near = Number.isFinite(expected)
      ? Math.abs((actual as number) - expected) <= 1e-10 * Math.max(1, Math.abs(expected))
      : Object.is(actual, expected);
    expect(near ? expected : actual).toBe(expected);
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(actual).toEqual(expected);
    return;
  }
  const [found, wanted] = [Object.entries(actual as object), Object.entries(expected)];
  expect(found.map(([key]) => key)).toEqual(wanted.map(([key]) => key));
  wanted.forEach(([, value], i) => {
    expectNear(found[i][1], value);
  });
}
