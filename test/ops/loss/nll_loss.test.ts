import { crossEntropy, logSoftmax, nllLoss, ones, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { at, indices } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions } from '../../losses.js';

interface Options {
  weight?: number[];
  ignoreIndex?: number;
  reduction?: 'mean' | 'sum' | 'none';
}

const op = (x: Tensor, target: Tensor, { weight, ...options }: Options = {}): Tensor =>
  nllLoss(x, target, { ...options, weight: weight && tensor(weight) });

function reference([x, target]: Plain[], { weight, ignoreIndex = -100, reduction = 'mean' }: Options = {}): Plain {
  const axis = x.shape.length === 1 ? 0 : 1;
  const counts = target.data.map((y) => (y === ignoreIndex ? 0 : (weight?.[y] ?? 1)));
  const losses = indices(target.shape).map((index, i) =>
    counts[i] === 0 ? 0 : -counts[i] * at(x, index.toSpliced(axis, 0, target.data[i])),
  );
  const total = losses.reduce((a, b) => a + b, 0);
  if (reduction === 'mean') return { shape: [], data: [total / counts.reduce((a, b) => a + b, 0)] };
  return reduced(target.shape, losses, { reduction });
}

const operands = (shape: number[], labels: number[]) => [
  { shape },
  { shape: labels, dtype: 'int32' as const, range: [0, shape[shape.length === 1 ? 0 : 1] - 1] as [number, number] },
];

spec('nllLoss', op, {
  reference,
  samples: [
    ...reductions(operands([5, 4], [5])),
    ...reductions(operands([5, 3], [5]), { weight: [0.5, 2, 1] }),
    ...reductions(operands([5, 3], [5]), { ignoreIndex: 1 }),
    ...reductions(operands([2, 3, 2, 2], [2, 2, 2])),
    ...reductions(operands([4], [])),
  ],
  errors: [
    {
      call: () => nllLoss(zeros([2, 3]), tensor([0, 3], { dtype: 'int32' })),
      says: 'nllLoss: labels must be within 0 … 2, or -100 to be ignored; got 3 at [1]; check the number of classes',
    },
    {
      call: () => nllLoss(zeros([2, 3]), zeros([2])),
      says: 'nllLoss: labels must be int32 or uint8; got float32',
    },
    {
      call: () => nllLoss(zeros([2, 3]), tensor([0], { dtype: 'int32' })),
      says: 'nllLoss: labels for input [2, 3] must have shape [2]; got [1]',
    },
    {
      call: () => nllLoss(zeros([2, 3]), tensor([0, 1], { dtype: 'int32' }), { weight: ones([2]) }),
      says: 'nllLoss: weight must be [3], a factor for each class of input [2, 3]; got [2]',
    },
    {
      call: () => nllLoss(tensor(1), tensor(1, { dtype: 'int32' })),
      says: 'nllLoss: input must have the axes [batch, classes, ...] or [classes]; got []',
    },
  ],
});

it('nllLoss: of log-probabilities it is cross entropy of logits', () => {
  const logits = tensor([1, -2, 0.5, 3, 0, 1]).reshape([2, 3]);
  const labels = tensor([2, 0], { dtype: 'int32' });
  expect(nllLoss(logSoftmax(logits, 1), labels).item()).toBeCloseTo(Number(crossEntropy(logits, labels).item()), 6);
});
