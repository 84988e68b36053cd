import { binaryCrossEntropyWithLogits, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec(
  'binaryCrossEntropyWithLogits',
  (x: Tensor, t: Tensor, options: object) => binaryCrossEntropyWithLogits(x, t, options),
  {
    reference: paired((x, t) => (1 - t) * x + Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    samples: samples(undefined, [0, 1]),
    slack: 2,
    errors: [mismatch('binaryCrossEntropyWithLogits', binaryCrossEntropyWithLogits)],
  },
);

const positive = [0.5, 1, 2, 3];

spec(
  'binaryCrossEntropyWithLogits with posWeight',
  (x: Tensor, t: Tensor) => binaryCrossEntropyWithLogits(x, t, { posWeight: tensor(positive), reduction: 'none' }),
  {
    reference: ([x, t]) => ({
      shape: x.shape,
      data: x.data.map((v, i) => {
        const p = 1 / (1 + Math.exp(-v));
        return -(positive[i % 4] * t.data[i] * Math.log(p) + (1 - t.data[i]) * Math.log(1 - p));
      }),
    }),
    samples: [{ operands: [{ shape: [3, 4] }, { shape: [3, 4], range: [0, 1] }] }],
    slack: 2,
  },
);

describe.each(engines)('binaryCrossEntropyWithLogits on $name', ({ use }) => {
  it('keeps its digits for large logits', () => {
    use();
    const losses = binaryCrossEntropyWithLogits(tensor([100, -100]), tensor([0, 1]), { reduction: 'none' });
    expect(losses.toArray()).toEqual([100, 100]);
  });

  it('weighs each element', () => {
    use();
    const weight = tensor([0, 2]);
    const loss = binaryCrossEntropyWithLogits(tensor([0, 0]), tensor([1, 1]), { weight, reduction: 'sum' });
    expect(loss.item()).toBeCloseTo(2 * Math.LN2, 6);
  });
});
