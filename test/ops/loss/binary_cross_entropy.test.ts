import { binaryCrossEntropy, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('binaryCrossEntropy', binaryCrossEntropy, {
  reference: paired((x, t) => -(t * Math.log(x) + (1 - t) * Math.log(1 - x))),
  samples: samples([0.1, 0.9], [0, 1]),
  slack: 2,
  errors: [
    mismatch('binaryCrossEntropy', binaryCrossEntropy),
    {
      call: () => binaryCrossEntropy(tensor([-0.5, 2]), ones([2])),
      says: 'binaryCrossEntropy: input must be within 0 … 1; got -0.5 at [0]; apply sigmoid, or use binaryCrossEntropyWithLogits',
    },
  ],
});

describe.each(engines)('binaryCrossEntropy on $name', ({ use }) => {
  it('ends at 100, with a finite gradient', () => {
    use();
    const x = tensor([0, 1]).requireGrad();
    const loss = binaryCrossEntropy(x, tensor([1, 0]), { reduction: 'sum' });
    loss.backward();
    expect(loss.item()).toBe(200);
    expect(x.grad?.toArray()).toEqual([-Math.fround(1e12), Math.fround(1e12)].map((g) => expect.closeTo(g, -6)));
  });

  it('weighs each element', () => {
    use();
    const weight = tensor([0, 2]);
    const loss = binaryCrossEntropy(tensor([0.5, 0.5]), tensor([1, 1]), { weight, reduction: 'sum' });
    expect(loss.item()).toBeCloseTo(2 * Math.LN2, 6);
  });
});
