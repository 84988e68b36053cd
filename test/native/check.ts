import { createHash } from 'node:crypto';
import type { View } from '../../lib/backend/backend.js';
import type { Case } from './cases.js';
import { dense, positions, zeros } from './layouts.js';

type Run = (kernel: string, views: readonly View[], numbers: readonly number[]) => void;

/** Unit roundoff. */
const roundoff = { float32: 2 ** -24, float64: 2 ** -53 };

/** Runs a case and returns its results, and a sentence if one is not what the plain loop says. */
export function check(test: Case, run: Run): { results: View[]; failure?: string } {
  const expected = test.expected();
  const results = expected.map(({ shape }, i) => {
    const { dtype, layout } = test.results[i];
    const view = zeros(dtype, shape, layout);
    view.storage.data.fill(77); // whatever was in fresh memory
    return view;
  });
  run(test.kernel, [...results, ...test.inputs], test.numbers);

  // Inputs are at most 1 (4 in pooling), so that a sum's error is bounded by its length times a rounding.
  const unit = test.dtype === 'float32' || test.dtype === 'float64' ? roundoff[test.dtype] : 0;
  const tolerance = unit * (test.terms + 4) * 2;
  for (let r = 0; r < results.length; r++) {
    const { values } = dense(results[r]);
    const wrong = values.findIndex((value, i) => {
      const wanted = expected[r].values[i];
      return !Object.is(value, wanted) && !(Math.abs(value - wanted) <= tolerance);
    });
    if (wrong >= 0) {
      const where = `result ${r}, element ${wrong} of [${results[r].shape}]`;
      return { results, failure: `${test.name}: ${where} is ${values[wrong]}, not ${expected[r].values[wrong]}` };
    }
    const own = new Set(positions(results[r]));
    if (results[r].storage.data.some((value, i) => value !== 77 && !own.has(i))) {
      return { results, failure: `${test.name}: wrote outside the view` };
    }
  }
  return { results };
}

/** Runs every case: the failures, and a digest of all bits of all results. */
export function checkAll(cases: readonly Case[], run: Run): { failures: string[]; digest: string } {
  const hash = createHash('sha256');
  const failures: string[] = [];
  for (const test of cases) {
    const { results, failure } = check(test, run);
    if (failure !== undefined) failures.push(failure);
    for (const { storage } of results) hash.update(storage.data);
  }
  return { failures, digest: hash.digest('hex') };
}
