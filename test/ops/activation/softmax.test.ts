import { ones, softmax, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import { alongAxis, exponentials, samples, total } from '../../softmax.js';

spec('softmax', softmax, {
  reference: alongAxis((x) => exponentials(x).map((e) => e / total(exponentials(x)))),
  samples,
  errors: [
    { call: () => softmax(ones([2, 3]), 2), says: 'softmax: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});

describe.each(engines)('softmax on $name', ({ use }) => {
  // Lecture notes 001, line 458 sums up N + 1 terms for N elements.
  it('lecture notes 000, line 902: has the values of (1, 2, 3), line 908: which a shift leaves as they are', () => {
    use();
    const data = [0.09003057317038046, 0.24472847105479767, 0.6652409557748219];
    const x = tensor([1, 2, 3], { dtype: 'float64' });
    expectClose(softmax(x), { shape: [3], data });
    expect(softmax(x).sum().item()).toBeCloseTo(1, 15);
    for (const shift of [-3, 100, 1e6]) expectClose(softmax(x.add(shift)), { shape: [3], data });
  });

  it('is exact for huge logits, 0 for −∞, and NaN where no logit is finite', () => {
    use();
    expect(softmax(tensor([1000, -1000, 1000])).toArray()).toEqual([0.5, 0, 0.5]);
    expect(softmax(tensor([0, -Infinity])).toArray()).toEqual([1, 0]);
    expect(softmax(tensor([-Infinity, -Infinity])).toArray()).toEqual([NaN, NaN]);
    expect(softmax(tensor([1, NaN])).toArray()).toEqual([NaN, NaN]);
  });
});
