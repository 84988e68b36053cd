import { crossEntropy, ones, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, type Sample, spec } from '../../harness.js';

interface Options {
  weight?: number[];
  ignoreIndex?: number;
  labelSmoothing?: number;
  reduction?: 'mean' | 'sum' | 'none';
}

function reference([x, target]: Plain[], options: Options): Plain {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options;
  const axis = x.shape.length === 1 ? 0 : 1;
  const classes = x.shape[axis];
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const soft = target.data.length === x.data.length && x.shape.length === target.shape.length;
  const shape = x.shape.filter((_, i) => i !== axis);
  const losses: number[] = [];
  let counted = 0;
  for (let i = 0; i < shape.reduce((a, b) => a * b, 1); i++) {
    const first = Math.floor(i / inner) * classes * inner + (i % inner);
    const logits = Array.from({ length: classes }, (_, c) => x.data[first + c * inner]);
    const peak = Math.max(...logits);
    const logTotal = Math.log(logits.reduce((t, v) => t + Math.exp(v - peak), 0));
    const label = target.data[i];
    const ignored = !soft && label === ignoreIndex;
    const loss = logits.reduce((t, v, c) => {
      const q = soft ? target.data[first + c * inner] : Number(c === label);
      const smooth = q * (1 - labelSmoothing) + labelSmoothing / classes;
      return t - (smooth === 0 ? 0 : smooth * (weight?.[c] ?? 1) * (v - peak - logTotal));
    }, 0);
    losses.push(ignored ? 0 : loss);
    counted += soft ? 1 : ignored ? 0 : (weight?.[label] ?? 1);
  }
  if (reduction === 'none') return { shape, data: losses };
  const total = losses.reduce((a, b) => a + b, 0);
  return { shape: [], data: [reduction === 'sum' ? total : total / counted] };
}

const op = (x: Tensor, target: Tensor, options: Options): Tensor =>
  crossEntropy(x, target, { ...options, ...(options.weight ? { weight: tensor(options.weight) } : {}) } as never);

const labelled = (shape: number[], values: number[], options: Options = {}, smooth = true): Sample => ({
  operands: [{ shape }, { shape: shape.filter((_, i) => i !== Math.min(1, shape.length - 1)), dtype: 'int32', values }],
  args: [options],
  smooth,
});

const weight = [0.5, 1.5, 0.25, 2];

spec('crossEntropy of labels', op, {
  reference,
  samples: [
    labelled([3, 4], [0, 3, 1]),
    labelled([4], [2]),
    labelled([3, 4], [0, 3, 1], { reduction: 'sum' }),
    labelled([3, 4], [0, 3, 1], { reduction: 'none' }),
    labelled([3, 4], [0, 3, 1], { weight }),
    labelled([3, 4], [0, 3, 1], { weight, labelSmoothing: 0.25 }),
    labelled([4, 4], [0, 3, 1, 3], { ignoreIndex: 3, weight, labelSmoothing: 0.25 }),
    labelled([2, 4], [-100, 1], { reduction: 'none' }),
    labelled([2, 3, 2, 2], [0, 1, 2, 0, 1, 1, 2, 2], { labelSmoothing: 0.5 }),
    labelled([2, 4, 3], [0, 1, 2, 3, 3, 1], { weight }),
    labelled([0, 4], [], { reduction: 'sum' }),
  ],
  errors: [
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([0, 3], { dtype: 'int32' })),
      says: 'crossEntropy: labels must be within 0 … 2, or -100 to be ignored; got 3 at [1]; check the number of classes',
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([[0], [1]], { dtype: 'int32' })),
      says: 'crossEntropy: labels for logits [2, 3] must have shape [2]; got [2, 1]',
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([0, 1])),
      says: "crossEntropy: probabilities must have the logits' shape [2, 3]; got [2]; labels must be int32: convert with to('int32')",
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([true, false])),
      says: 'crossEntropy: labels must be int32 or uint8, probabilities float; got bool',
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([0, 1], { dtype: 'int32' }), { weight: ones([2]) }),
      says: 'crossEntropy: weight must be [3], a factor for each class of logits [2, 3]; got [2]',
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([0, 1], { dtype: 'int32' }), { labelSmoothing: -1 }),
      says: 'crossEntropy: labelSmoothing must be within 0 … 1; got -1',
    },
    {
      call: () => crossEntropy(zeros([2, 3]), tensor([0, 1], { dtype: 'int32' }), { reduction: 'avg' as never }),
      says: "crossEntropy: reduction must be 'mean', 'sum' or 'none'; got 'avg'",
    },
    {
      call: () => crossEntropy(zeros([]), tensor(0, { dtype: 'int32' })),
      says: 'crossEntropy: logits must have the axes [batch, classes, ...] or [classes]; got []',
    },
  ],
});

const soft = (shape: number[], options: Options = {}): Sample => ({
  operands: [{ shape }, { shape, range: [0, 1] }],
  args: [options],
});

spec('crossEntropy of probabilities', op, {
  reference,
  samples: [
    soft([3, 4]),
    soft([4]),
    soft([3, 4], { reduction: 'sum', labelSmoothing: 0.25 }),
    soft([2, 4, 3], { reduction: 'none', weight }),
  ],
});

describe.each(engines)('crossEntropy on $name', ({ use }) => {
  it('lecture notes 001, line 734: is ln 10 of ten classes that are equally probable', () => {
    use();
    const target = tensor([3], { dtype: 'int32' });
    expect(crossEntropy(zeros([1, 10], { dtype: 'float64' }), target).item()).toBeCloseTo(Math.LN10, 14);
  });

  it('lecture notes 002, line 832: is 0.4076 of the signals (1, 2, 3) and the third class', () => {
    use();
    const target = tensor([2], { dtype: 'int32' });
    const loss = crossEntropy(tensor([[1, 2, 3]], { dtype: 'float64' }), target);
    expect(loss.item()).toBeCloseTo(0.40760596444438, 14);
  });

  it('is finite where other logits are −∞', () => {
    use();
    const x = tensor([[0, -Infinity, 0]]).requireGrad();
    const loss = crossEntropy(x, tensor([0], { dtype: 'uint8' }));
    loss.backward();
    expect(loss.item()).toBeCloseTo(Math.LN2, 6);
    expect(x.grad?.toArray()).toEqual([[-0.5, 0, 0.5]]);
  });

  it('lecture notes 004, lines 3029–3055: is 0.693 of a dog called dog, cat and panda with 0.5, 0.3, 0.2', () => {
    use();
    const logits = tensor([[0.5, 0.3, 0.2]]).log();
    const losses = [tensor([0], { dtype: 'int32' }), tensor([[1, 0, 0]])].map((dog) =>
      crossEntropy(logits, dog).item(),
    );
    for (const loss of losses) expect(loss).toBeCloseTo(Math.LN2, 6);
  });

  it('is NaN over no labels', () => {
    use();
    expect(crossEntropy(zeros([1, 3]), tensor([-100], { dtype: 'int32' })).item()).toBeNaN();
  });
});
