import { Generator, nn, ones, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';

describe('initial values', () => {
  it('of Linear and Conv2d are uniform in ±1 / √(fan in)', () => {
    const linear = new nn.Linear(100, 400);
    const convolution = new nn.Conv2d(4, 100, 5);
    for (const values of [linear.weight, linear.bias, convolution.weight, convolution.bias]) {
      const largest = Math.max(...(values as Tensor).abs().data());
      expect(largest).toBeLessThanOrEqual(0.1 + 1e-6);
      expect(largest).toBeGreaterThan(0.095);
    }
    expect(linear.weight.shape).toEqual([400, 100]);
    expect(convolution.weight.shape).toEqual([100, 4, 5, 5]);
  });

  it('repeat with the same generator', () => {
    const a = new nn.Linear(3, 2, { generator: new Generator(5) });
    const b = new nn.Linear(3, 2, { generator: new Generator(5) });
    expect(a.weight.data()).toEqual(b.weight.data());
    expect(a.bias?.data()).toEqual(b.bias?.data());
  });

  it('of a padding row are 0', () => {
    const table = new nn.Embedding(4, 2, { paddingIdx: -1 });
    expect(table.weight.slice(3).toArray()).toEqual([0, 0]);
    expect(table.weight.slice(0).toArray()).not.toEqual([0, 0]);
    expect(table.paddingIdx).toBe(3);
  });
});

describe('empty batches', () => {
  it('and no features leave the bias', () => {
    const linear = new nn.Linear(0, 2);
    nn.init.ones(linear.bias as Tensor);
    expect(linear.forward(zeros([2, 0])).data()).toEqual(new Float32Array([1, 1, 1, 1]));
  });

  it('pass through linear, convolution, pooling and evaluation', () => {
    const net = new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.BatchNorm2d(2),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(8, 3),
      new nn.Softmax(),
    );
    expect(net.eval().forward(zeros([0, 1, 6, 6])).shape).toEqual([0, 3]);
  });

  it('have no statistics to train with', () => {
    expect(() => new nn.BatchNorm2d(2).forward(zeros([0, 2, 3, 3]))).toThrow(
      'batchNorm: training needs more than 1 value per channel; got x [0, 2, 3, 3]; use a larger batch, or eval()',
    );
  });
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
  });

  it('checks axes and channels', () => {
    expect(() => new nn.BatchNorm2d(3).forward(ones([2, 4, 5, 5]) as never)).toThrow(
      'BatchNorm2d: x must have 4 axes, the second of size 3; got [2, 4, 5, 5]',
    );
    expect(() => new nn.BatchNorm1d(3).forward(ones([2, 3, 5, 5]))).toThrow(
      'BatchNorm1d: x must have 2 or 3 axes, the second of size 3; got [2, 3, 5, 5]',
    );
  });
});

it('Dropout acts in training only', () => {
  const dropout = new nn.Dropout(0.5, { generator: new Generator(3) });
  const x = ones([64]);
  expect(dropout.forward(x).data()).toContain(0);
  expect(dropout.eval().forward(x)).toBe(x);
});

it('activations are the ops of their names', () => {
  const x = tensor([-2, 0, 3]);
  expect(new nn.ReLU().forward(x).data()).toEqual(x.relu().data());
  expect(new nn.LeakyReLU(0.5).forward(x).toArray()).toEqual([-1, 0, 3]);
  expect(new nn.Sigmoid().forward(x).data()).toEqual(x.sigmoid().data());
  expect(new nn.Tanh().forward(x).data()).toEqual(x.tanh().data());
  expect(new nn.GELU().forward(x).toArray()[1]).toBe(0);
  expect(new nn.Softmax().forward(x).sum().item()).toBeCloseTo(1, 6);
});

it('a loss keeps its factors as buffers', () => {
  const weight = tensor([1, 2, 3]);
  expect([...new nn.CrossEntropyLoss({ weight }).stateDict().keys()]).toEqual(['weight']);
  expect([...new nn.BCEWithLogitsLoss({ posWeight: weight }).stateDict().keys()]).toEqual(['pos_weight']);
});

it.each([
  [() => new nn.Linear(-1, 2), 'Linear: inFeatures must be a whole number ≥ 0; got -1'],
  [() => new nn.Linear(1, 2.5), 'Linear: outFeatures must be a whole number ≥ 0; got 2.5'],
  [() => new nn.Conv2d(0, 2, 3), 'Conv2d: inChannels must be a whole number ≥ 1; got 0'],
  [
    () => new nn.Conv2d(1, 2, 0),
    'Conv2d: kernelSize must be a whole number ≥ 1 or two of them, [height, width]; got 0',
  ],
  [
    () => new nn.Conv2d(4, 6, 3, { groups: 4 }),
    'Conv2d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
  ],
  [() => new nn.MaxPool2d(2, { padding: 2 }), 'MaxPool2d: padding must be at most half of the kernel [2, 2]'],
  [() => new nn.AvgPool2d(2, { stride: 0 }), 'AvgPool2d: stride must be a whole number ≥ 1'],
  [() => new nn.BatchNorm2d(0), 'BatchNorm2d: numFeatures must be a whole number ≥ 1; got 0'],
  [() => new nn.BatchNorm1d(2, { eps: 0 }), 'BatchNorm1d: eps must be a number > 0; got 0'],
  [
    () => new nn.BatchNorm1d(2, { momentum: 2 }),
    'BatchNorm1d: momentum must be within 0 … 1, or null for the mean of all batches; got 2',
  ],
  [() => new nn.GroupNorm(4, 6), 'GroupNorm: numGroups must divide numChannels; got 4 groups of 6'],
  [() => new nn.GroupNorm(0, 6), 'GroupNorm: numGroups must be a whole number ≥ 1; got 0'],
  [() => new nn.GroupNorm(2, 6, { eps: 0 }), 'GroupNorm: eps must be a number > 0; got 0'],
  [() => new nn.LayerNorm([]), 'LayerNorm: the number of axes in normalizedShape must be a whole number ≥ 1; got 0'],
  [() => new nn.Dropout(-0.1), 'Dropout: p must be within 0 … 1; got -0.1'],
  [
    () => new nn.Embedding(3, 2, { paddingIdx: 3 }),
    'Embedding: paddingIdx must be a whole number within -3 … 2; got 3',
  ],
  [
    () => new nn.CrossEntropyLoss({ labelSmoothing: 2 }),
    'CrossEntropyLoss: labelSmoothing must be within 0 … 1; got 2',
  ],
  [
    () => new nn.MSELoss({ reduction: 'avg' as never }),
    "MSELoss: reduction must be 'mean', 'sum' or 'none'; got 'avg'",
  ],
])('hyper-parameters are checked: %#', (make, says) => {
  expect(make).toThrow(says);
});
