import { klDiv, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum } from '../../losses.js';

interface Options {
  logTarget?: boolean;
  reduction?: 'mean' | 'batchmean' | 'sum' | 'none';
}

spec('klDiv', klDiv, {
  reference: ([x, t]: Plain[], { logTarget = false, reduction = 'mean' }: Options = {}) => {
    const terms = t.data.map((p, i) =>
      logTarget ? Math.exp(p) * (p - x.data[i]) : p === 0 ? 0 : p * (Math.log(p) - x.data[i]),
    );
    if (reduction === 'batchmean') return { shape: [], data: [sum(terms) / x.shape[0]] };
    return reduced(x.shape, terms, { reduction });
  },
  samples: [
    ...reductions([{ shape: [3, 4] }, { shape: [3, 4], range: [0.1, 1] }]),
    ...reductions([{ shape: [3, 4] }, { shape: [3, 4] }], { logTarget: true }),
    { operands: [{ shape: [3, 4] }, { shape: [3, 4], range: [0.1, 1] }], args: [{ reduction: 'batchmean' }] },
    { operands: [{ shape: [3] }, { shape: [3], values: [0, 0.5, 0.5] }], smooth: false },
  ],
  errors: [
    mismatch('klDiv', klDiv),
    {
      call: () => klDiv(ones([1]), ones([1]), { reduction: 'max' as never }),
      says: "klDiv: reduction must be 'mean', 'batchmean', 'sum' or 'none'; got 'max'",
    },
  ],
});

describe.each(engines)('klDiv on $name', ({ use }) => {
  it('is 0 of equal distributions, and passes no NaN back from a probability of 0', () => {
    use();
    const p = tensor([0, 0.25, 0.75]).requireGrad();
    const loss = klDiv(tensor([0, 0.25, 0.75]).log().maximum(-1e30), p, { reduction: 'sum' });
    expect(loss.item()).toBeCloseTo(0, 6);
    loss.backward();
    expect(p.grad?.isFinite().all().item()).toBe(true);
  });
});
