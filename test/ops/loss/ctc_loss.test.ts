import { ctcLoss, logSoftmax, ones, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, spec } from '../../harness.js';
import { reduced, reductions } from '../../losses.js';

interface Options {
  blank?: number;
  zeroInfinity?: boolean;
  reduction?: 'mean' | 'sum' | 'none';
}

/** What a path tells: repeated classes once, without the blanks. */
const told = (path: number[], blank: number): number[] =>
  path.filter((c, i) => c !== blank && (i === 0 || path[i - 1] !== c));

/** Every path of a number of steps. */
const paths = (steps: number, classes: number): number[][] =>
  steps === 0
    ? [[]]
    : paths(steps - 1, classes).flatMap((path) => Array.from({ length: classes }, (_, c) => [...path, c]));

/** By the definition: the probabilities of all paths that tell the target. */
function reference([x, y, given, wanted]: Plain[], options: Options = {}): Plain {
  const { blank = 0, zeroInfinity = false, reduction = 'mean' } = options;
  const [, batch, classes] = x.shape;
  const losses = Array.from({ length: batch }, (_, b) => {
    const target = y.data.slice(b * y.shape[1], b * y.shape[1] + wanted.data[b]).join();
    let probability = 0;
    for (const path of paths(given.data[b], classes)) {
      if (told(path, blank).join() !== target) continue;
      probability += Math.exp(path.reduce((total, c, t) => total + x.data[(t * batch + b) * classes + c], 0));
    }
    const loss = probability === 0 ? (zeroInfinity ? 0 : Infinity) : -Math.log(probability);
    return reduction === 'mean' ? loss / Math.max(1, wanted.data[b]) : loss;
  });
  return reduced([batch], losses, { reduction });
}

const lengths = (...values: number[]) => ({ shape: [values.length], dtype: 'int32' as const, values });
const targets = (shape: number[], values: number[]) => ({ shape, dtype: 'int32' as const, values });

spec('ctcLoss', ctcLoss, {
  reference,
  samples: [
    ...reductions([{ shape: [4, 2, 3] }, targets([2, 2], [1, 2, 2, 9]), lengths(4, 3), lengths(2, 1)]),
    // A class twice, which needs a blank between; an empty target; a blank that is not the first class.
    ...reductions([{ shape: [4, 2, 3] }, targets([2, 2], [1, 1, 0, 0]), lengths(4, 4), lengths(2, 0)], { blank: 2 }),
    { operands: [{ shape: [3, 1, 3] }, targets([1, 0], []), lengths(3), lengths(0)] },
    {
      operands: [{ shape: [2, 2, 3] }, targets([2, 2], [1, 1, 1, 2]), lengths(2, 2), lengths(2, 2)],
      args: [{ zeroInfinity: true, reduction: 'none' }],
    },
    {
      operands: [{ shape: [2, 2, 3] }, targets([2, 2], [1, 1, 1, 2]), lengths(2, 2), lengths(2, 2)],
      args: [{ reduction: 'none' }],
      smooth: false,
    },
  ],
  slack: 4,
  errors: [
    {
      call: () => ctcLoss(zeros([4, 2]), tensor([[1]], { dtype: 'int32' }), [4], [1]),
      says: 'ctcLoss: logProbs must have the axes [steps, batch, classes]; got [4, 2]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([1], { dtype: 'int32' }), [4], [1]),
      says: 'ctcLoss: targets must have the axes [batch, length]; got [1]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), ones([1, 1]), [4], [1]),
      says: 'ctcLoss: targets must be int32; got float32',
    },
    {
      call: () => ctcLoss(zeros([4, 2, 3]), tensor([[1]], { dtype: 'int32' }), [4], [1]),
      says: 'ctcLoss: targets must have the batch of logProbs [4, 2, 3]; got [1, 1]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1, 0]], { dtype: 'int32' }), [4], [2]),
      says: 'ctcLoss: targets must not be the blank; got 0 at [0, 1]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1, 3]], { dtype: 'int32' }), [4], [2]),
      says: 'ctcLoss: targets must be within 0 … 2; got 3 at [0, 1]; check the number of classes',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1]], { dtype: 'int32' }), [5], [1]),
      says: 'ctcLoss: inputLengths must be within 0 … 4; got 5 at [0]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1]], { dtype: 'int32' }), [4], [1, 1]),
      says: 'ctcLoss: targetLengths must be [1], one for each sequence; got [2]',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1]], { dtype: 'int32' }), ones([1]), [1]),
      says: 'ctcLoss: inputLengths must be int32; got float32',
    },
    {
      call: () => ctcLoss(zeros([4, 1, 3]), tensor([[1]], { dtype: 'int32' }), [4], [1], { blank: -1 }),
      says: 'ctcLoss: blank must be a whole number ≥ 0; got -1',
    },
  ],
});

describe.each(engines)('ctcLoss on $name', ({ use }) => {
  it('passes no NaN back, padding and impossible targets included', () => {
    use();
    const x: Tensor = zeros([3, 2, 4]).requireGrad();
    const y = tensor(
      [
        [1, 1],
        [2, 3],
      ],
      { dtype: 'int32' },
    );
    ctcLoss(logSoftmax(x, 2), y, [2, 1], [2, 1], { zeroInfinity: true, reduction: 'sum' }).backward();
    const gradient = x.grad as Tensor;
    expect(gradient.isFinite().all().item()).toBe(true);
    // The first target cannot be told in two steps; the second sequence has one step.
    expect(gradient.slice(null, 0).abs().sum().item()).toBe(0);
    expect(gradient.slice([1, null], 1).abs().sum().item()).toBe(0);
    expect(gradient.slice(0, 1).toArray()).toEqual([0.25, 0.25, -0.75, 0.25]);
  });
});
