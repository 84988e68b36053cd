import { multiMarginLoss, ones, type Tensor, tensor, zeros } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

interface Options {
  p?: 1 | 2;
  margin?: number;
  weight?: number[];
}

const op = (x: Tensor, target: Tensor, { weight, ...options }: Options = {}): Tensor =>
  multiMarginLoss(x, target, { ...options, weight: weight && tensor(weight) });

const operands = [{ shape: [4, 5] }, { shape: [4], dtype: 'int32' as const, range: [0, 4] as [number, number] }];

spec('multiMarginLoss', op, {
  reference: ([x, y]: Plain[], options: Options = {}) => {
    const { p = 1, margin = 1, weight } = options;
    const losses = vectors(x).map((scores, i) => {
      const label = y.data[i];
      const hinges = scores.map((s, c) => (c === label ? 0 : Math.max(0, margin - scores[label] + s) ** p));
      return ((weight?.[label] ?? 1) * sum(hinges)) / scores.length;
    });
    return reduced(y.shape, losses, options);
  },
  samples: [
    ...reductions(operands),
    ...reductions(operands, { p: 2, margin: 0.4 }),
    ...reductions(operands, { weight: [1, 2, 0.5, 0, 3] }),
  ],
  errors: [
    {
      call: () => multiMarginLoss(zeros([2, 5]), tensor([0, 7], { dtype: 'int32' })),
      says: 'multiMarginLoss: labels must be within 0 … 4; got 7 at [1]; check the number of classes',
    },
    {
      call: () => multiMarginLoss(zeros([5]), tensor([0], { dtype: 'int32' })),
      says: 'multiMarginLoss: input must have the axes [batch, classes]; got [5]',
    },
    {
      call: () => multiMarginLoss(zeros([1, 5]), tensor([0], { dtype: 'int32' }), { p: 3 as never }),
      says: 'multiMarginLoss: p must be 1 or 2; got 3',
    },
    {
      call: () => multiMarginLoss(zeros([1, 5]), tensor([0], { dtype: 'int32' }), { weight: ones([4]) }),
      says: 'multiMarginLoss: weight must be [5], a factor for each class of input [1, 5]; got [4]',
    },
  ],
});
