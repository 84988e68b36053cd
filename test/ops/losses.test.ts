import { binaryCrossEntropy, binaryCrossEntropyWithLogits, l1Loss, mseLoss, ones, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, type Sample, spec } from '../harness.js';

type Reduction = 'mean' | 'sum' | 'none';

/** The reduced losses of pairs of elements. */
const paired =
  (f: (x: number, t: number) => number) =>
  ([x, t]: Plain[], { reduction = 'mean' }: { reduction?: Reduction } = {}): Plain => {
    const losses = x.data.map((v, i) => f(v, t.data[i]));
    const total = losses.reduce((a, b) => a + b, 0);
    if (reduction === 'none') return { shape: x.shape, data: losses };
    return { shape: [], data: [reduction === 'sum' ? total : total / losses.length] };
  };

const samples = (x?: [number, number], t?: [number, number]): Sample[] => [
  ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
    operands: [
      { shape: [3, 4], ...(x && { range: x }) },
      { shape: [3, 4], ...(t && { range: t }) },
    ],
    args: [{ reduction }],
  })),
  { operands: [{ shape: [0] }, { shape: [0] }], args: [{ reduction: 'none' }] },
];

const mismatch = (name: string, call: (x: Tensor, t: Tensor) => Tensor) => ({
  call: () => call(ones([4, 3]), ones([4])),
  says: `${name}: input and target must have one shape; got [4, 3] and [4]; reshape one of them`,
});

spec('mseLoss', mseLoss as never, {
  reference: paired((x, t) => (x - t) ** 2),
  samples: samples(),
  errors: [
    mismatch('mseLoss', mseLoss),
    {
      call: () => mseLoss(ones([4]), ones([4]), { reduction: 'max' as never }),
      says: "mseLoss: reduction must be 'mean', 'sum' or 'none'; got 'max'",
    },
  ],
});

spec('l1Loss', l1Loss as never, {
  reference: paired((x, t) => Math.abs(x - t)),
  samples: samples([1, 2], [-1, 0.5]),
  errors: [mismatch('l1Loss', l1Loss)],
});

spec('binaryCrossEntropy', binaryCrossEntropy as never, {
  reference: paired((x, t) => -(t * Math.log(x) + (1 - t) * Math.log(1 - x))),
  samples: samples([0.1, 0.9], [0, 1]),
  slack: 2,
  errors: [
    mismatch('binaryCrossEntropy', binaryCrossEntropy),
    {
      call: () => binaryCrossEntropy(tensor([-0.5, 2]), ones([2])),
      says: 'binaryCrossEntropy: input must be within 0 … 1; got values from -0.5 to 2; apply sigmoid, or use binaryCrossEntropyWithLogits',
    },
  ],
});

const positive = [0.5, 1, 2, 3];

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

describe.each(engines)('losses at their ends on $name', ({ use }) => {
  it('ends binaryCrossEntropy at 100, with a finite gradient', () => {
    use();
    const x = tensor([0, 1]).requireGrad();
    const loss = binaryCrossEntropy(x, tensor([1, 0]), { reduction: 'sum' });
    loss.backward();
    expect(loss.item()).toBe(200);
    expect(x.grad?.toArray()).toEqual([-Math.fround(1e12), Math.fround(1e12)].map((g) => expect.closeTo(g, -6)));
  });

  it('keeps the digits of binaryCrossEntropyWithLogits for large logits', () => {
    use();
    const losses = binaryCrossEntropyWithLogits(tensor([100, -100]), tensor([0, 1]), { reduction: 'none' });
    expect(losses.toArray()).toEqual([100, 100]);
  });

  it('weighs each element', () => {
    use();
    const weight = tensor([0, 2]);
    expect(binaryCrossEntropy(tensor([0.5, 0.5]), tensor([1, 1]), { weight, reduction: 'sum' }).item()).toBeCloseTo(
      2 * Math.LN2,
      6,
    );
    expect(
      binaryCrossEntropyWithLogits(tensor([0, 0]), tensor([1, 1]), { weight, reduction: 'sum' }).item(),
    ).toBeCloseTo(2 * Math.LN2, 6);
  });
});
