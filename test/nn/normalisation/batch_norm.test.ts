import { batchNorm, nn, ones, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import type { Case, Float } from '../../golden/golden.js';
import { moduleSpec } from '../../module_spec.js';

type Layer = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d;

const equals = ({ weight, bias, runningMean, runningVar, training }: Layer, x: Tensor): Tensor =>
  batchNorm(x, runningMean, runningVar, { weight, bias, training, momentum: 0.1 });

const model =
  (Norm: typeof nn.BatchNorm1d | typeof nn.BatchNorm2d) =>
  ({ params }: Case, dtype: Float): nn.Module => {
    const { num_features, eps = 1e-5, momentum = 0.1, affine = true, training } = params;
    return new Norm(num_features, { eps, momentum, affine, dtype }).train(training);
  };

moduleSpec('BatchNorm1d', {
  make: (options) => new nn.BatchNorm1d(3, options),
  inputs: [
    [4, 3],
    [2, 3, 2],
  ],
  evaluated: [
    [1, 3],
    [0, 3],
  ],
  equals,
  text: 'BatchNorm1d(numFeatures=3, eps=0.00001, momentum=0.1)',
  errors: [
    { call: () => new nn.BatchNorm1d(2, { eps: 0 }), says: 'BatchNorm1d: eps must be a number > 0; got 0' },
    {
      call: () => new nn.BatchNorm1d(2, { momentum: 2 }),
      says: 'BatchNorm1d: momentum must be within 0 … 1, or null for the mean of all batches; got 2',
    },
    {
      call: () => new nn.BatchNorm1d(3).forward(ones([2, 3, 5, 5]) as Tensor),
      says: 'BatchNorm1d: x must have 2 or 3 axes, the second of size 3; got [2, 3, 5, 5]',
    },
  ],
  golden: { file: 'batchnorm', cases: /^bn1d/, model: model(nn.BatchNorm1d) },
});

moduleSpec('BatchNorm2d', {
  make: (options) => new nn.BatchNorm2d(2, options),
  inputs: [[2, 2, 2, 1]],
  evaluated: [
    [1, 2, 1, 1],
    [0, 2, 3, 3],
  ],
  equals,
  text: 'BatchNorm2d(numFeatures=2, eps=0.00001, momentum=0.1)',
  errors: [
    { call: () => new nn.BatchNorm2d(0), says: 'BatchNorm2d: numFeatures must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.BatchNorm2d(3).forward(ones([2, 4, 5, 5]) as Tensor),
      says: 'BatchNorm2d: x must have 4 axes, the second of size 3; got [2, 4, 5, 5]',
    },
    {
      call: () => new nn.BatchNorm2d(2).forward(zeros([0, 2, 3, 3])),
      says: 'batchNorm: training needs more than 1 value per channel; got x [0, 2, 3, 3]; use a larger batch, or eval()',
    },
  ],
  golden: { file: 'batchnorm', cases: /^bn2d/, model: model(nn.BatchNorm2d) },
});

moduleSpec('BatchNorm3d', {
  make: (options) => new nn.BatchNorm3d(2, options),
  inputs: [[2, 2, 1, 2, 2]],
  evaluated: [
    [1, 2, 1, 1, 1],
    [0, 2, 1, 2, 2],
  ],
  equals,
  text: 'BatchNorm3d(numFeatures=2, eps=0.00001, momentum=0.1)',
  errors: [
    {
      call: () => new nn.BatchNorm3d(3).forward(ones([2, 3, 5, 5])),
      says: 'BatchNorm3d: x must have 5 axes, the second of size 3; got [2, 3, 5, 5]',
    },
  ],
});

describe('BatchNorm', () => {
  it('takes the mean of all batches with momentum null', () => {
    const norm = new nn.BatchNorm1d(1, { momentum: null });
    norm.forward(tensor([[0], [2]]));
    norm.forward(tensor([[4], [8]]));
    expect(norm.runningMean?.item()).toBe(3.5);
    expect(norm.runningVar?.item()).toBe(5);
    expect(norm.numBatchesTracked?.item()).toBe(2);
  });

  it("uses the batch's statistics in evaluation where none are kept", () => {
    const norm = new nn.BatchNorm1d(1, { trackRunningStats: false, affine: false, eps: 1e-12 }).eval();
    expect([...norm.stateDict().keys()]).toEqual([]);
    expect(norm.forward(tensor([[1], [3]])).toArray()).toEqual([[-1], [1]]);
    expect(`${norm}`).toBe(
      'BatchNorm1d(numFeatures=1, weight=null, bias=null, runningMean=null, runningVar=null, numBatchesTracked=null, eps=1e-12, momentum=0.1)',
    );
  });
});
