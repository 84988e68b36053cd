import { multilabelSoftMarginLoss, ones, type Tensor, tensor } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { mismatch, reduced, reductions, sum, vectors } from '../../losses.js';

interface Options {
  weight?: number[];
}

const op = (x: Tensor, target: Tensor, { weight, ...options }: Options = {}): Tensor =>
  multilabelSoftMarginLoss(x, target, { ...options, weight: weight && tensor(weight) });

const operands = [{ shape: [3, 4] }, { shape: [3, 4], range: [0, 1] as [number, number] }];

spec('multilabelSoftMarginLoss', op, {
  reference: ([x, t]: Plain[], options: Options = {}) => {
    const targets = vectors(t);
    const losses = vectors(x).map((row, i) => {
      const entropies = row.map((v, c) => {
        const y = targets[i][c];
        return (options.weight?.[c] ?? 1) * (y * Math.log1p(Math.exp(-v)) + (1 - y) * Math.log1p(Math.exp(v)));
      });
      return sum(entropies) / row.length;
    });
    return reduced([x.shape[0]], losses, options);
  },
  samples: [...reductions(operands), ...reductions(operands, { weight: [1, 2, 0.5, 0] })],
  errors: [
    mismatch('multilabelSoftMarginLoss', multilabelSoftMarginLoss),
    {
      call: () => multilabelSoftMarginLoss(ones([2, 3]), ones([2, 3]), { weight: ones([2]) }),
      says: 'multilabelSoftMarginLoss: weight must be [3], a factor for each class of input [2, 3]; got [2]',
    },
  ],
});
