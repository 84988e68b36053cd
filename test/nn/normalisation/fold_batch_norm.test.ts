import { capture, nn, noGrad, rand, randn, seed, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../../harness.js';

/** A batch norm whose every value counts. */
function trained<N extends nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d>(norm: N): N {
  const { numFeatures, weight, bias, runningMean, runningVar } = norm;
  weight?.assign(rand([numFeatures]).add(0.5));
  bias?.assign(randn([numFeatures]));
  runningMean?.assign(randn([numFeatures]));
  runningVar?.assign(rand([numFeatures]).add(0.25));
  return norm;
}

const images = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { padding: 1, bias: false }),
    trained(new nn.BatchNorm2d(8)),
    new nn.ReLU(),
    new nn.Sequential(
      new nn.Conv2d(8, 6, [3, 2], { stride: [2, 1], groups: 2 }),
      trained(new nn.BatchNorm2d(6, { affine: false, eps: 0.1 })),
      new nn.Dropout(0.5),
    ),
    new nn.Flatten(),
    new nn.Linear(6 * 4 * 7, 5),
    trained(new nn.BatchNorm1d(5)),
    new nn.ReLU(),
  );

const run = (model: nn.Module, x: Tensor): Tensor => noGrad(() => model.forward(x));

describe.each(engines)('foldBatchNorm on $name', ({ use }) => {
  it('gives what the model gives', () => {
    use();
    seed(7);
    const model = images().eval();
    const x = randn([4, 3, 9, 8]);
    const y = run(model, x);
    const folded = nn.foldBatchNorm(model);
    expect(folded.modules().some((module) => module instanceof nn.BatchNorm2d)).toBe(false);
    expect(folded.training).toBe(false);
    // Sums of 168 products, scaled by up to 3.
    expectClose(run(folded, x), { shape: [...y.shape], data: [...y.data()] }, { slack: 20 });
  });

  it('folds convolutions of sequences and of volumes', () => {
    use();
    seed(9);
    const sequences = new nn.Sequential(
      new nn.Conv1d(2, 4, 3, { padding: 1, groups: 2 }),
      trained(new nn.BatchNorm1d(4)),
      new nn.ReLU(),
    );
    const volumes = new nn.Sequential(
      new nn.Conv3d(2, 3, [1, 2, 3], { stride: 2, bias: false }),
      trained(new nn.BatchNorm3d(3)),
    );
    for (const [model, shape] of [
      [sequences, [3, 2, 7]],
      [volumes, [2, 2, 4, 4, 5]],
    ] as const) {
      const x = randn(shape);
      const y = run(model.eval(), x);
      const folded: nn.Sequential = nn.foldBatchNorm<readonly nn.Module[]>(
        model as nn.Sequential<readonly nn.Module[]>,
      );
      expect(folded.layers.length).toBe(model.layers.length - 1);
      expectClose(run(folded, x), { shape: [...y.shape], data: [...y.data()] }, { slack: 20 });
    }
  });

  it('folds in float64', () => {
    use();
    seed(8);
    const dtype = 'float64';
    const model = new nn.Sequential(new nn.Linear(4, 3, { dtype }), trained(new nn.BatchNorm1d(3, { dtype }))).eval();
    const x = randn([5, 4]).to(dtype);
    const y = run(model, x);
    expectClose(run(nn.foldBatchNorm(model), x), { shape: [5, 3], data: [...y.data()] }, { slack: 10 });
  });
});

describe('foldBatchNorm', () => {
  it('leaves one kernel call of a convolution, its norm and its activation', () => {
    seed(1);
    const model = new nn.Sequential(new nn.Conv2d(3, 4, 3), trained(new nn.BatchNorm2d(4)), new nn.ReLU()).eval();
    const x = randn([2, 3, 6, 6]);
    const calls = (net: nn.Module): number => {
      const step = capture((x: Tensor) => run(net, x));
      step(x);
      return step.plans[0].calls;
    };
    expect(calls(nn.foldBatchNorm(model))).toBe(1);
    expect(calls(model)).toBeGreaterThan(1);
  });

  it('copies: the model goes on by itself, and draws no random numbers', () => {
    seed(2);
    const model = new nn.Sequential(new nn.Linear(2, 2), trained(new nn.BatchNorm1d(2)), new nn.Dropout()).eval();
    const next = rand([1]).item();
    seed(2);
    const again = new nn.Sequential(new nn.Linear(2, 2), trained(new nn.BatchNorm1d(2)), new nn.Dropout()).eval();
    const folded = nn.foldBatchNorm(again);
    expect(rand([1]).item()).toBe(next);
    const x = tensor([[1, 2]]);
    const before = run(folded, x).data();
    again.layers[1].runningMean?.assign(tensor([5, 5]));
    again.layers[0].weight.assign(tensor([0, 0]).expand([2, 2]));
    expect(run(folded, x).data()).toEqual(before);
    expect(folded.layers[1]).toBe(again.layers[2]);
    expect(model.layers).toHaveLength(3);
  });

  it('keeps what is frozen frozen', () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 1, 1), new nn.BatchNorm2d(1)).eval();
    expect(nn.foldBatchNorm(model).layers[0].weight.requiresGrad).toBe(true);
    const folded = nn.foldBatchNorm(model.freeze());
    expect(folded.parameters().map(({ requiresGrad }) => requiresGrad)).toEqual([false, false]);
  });

  it('refuses what it cannot fold', () => {
    const conv = new nn.Conv2d(1, 2, 3);
    const norm = new nn.BatchNorm2d(2);
    expect(() => nn.foldBatchNorm(new nn.Sequential(conv.eval(), norm))).toThrow(
      'foldBatchNorm: the model must be in evaluation mode; got the model (Sequential) in training; call eval() before',
    );
    expect(() => nn.foldBatchNorm(new nn.Sequential(norm, conv).eval())).toThrow(
      'foldBatchNorm: a batch norm must stand behind a convolution or Linear in a Sequential; got 0 (BatchNorm2d); fold the Sequentials within the model that have such pairs',
    );
    class Block extends nn.Module {
      conv = new nn.Conv2d(2, 2, 1);
      norm = new nn.BatchNorm2d(2);
      forward(x: Tensor<[number, 2, number, number]>) {
        return this.norm.forward(this.conv.forward(x));
      }
    }
    expect(() => nn.foldBatchNorm(new nn.Sequential(conv, new nn.Sequential(new Block())).eval())).toThrow(
      'got 1.0.norm (BatchNorm2d); fold the Sequentials',
    );
    const untracked = new nn.BatchNorm2d(2, { trackRunningStats: false });
    expect(() => nn.foldBatchNorm(new nn.Sequential(conv, untracked).eval())).toThrow(
      'foldBatchNorm: a batch norm must keep running statistics; got 1 (BatchNorm2d) without; it normalises each batch by its own and cannot be folded',
    );
    expect(() => nn.foldBatchNorm(new nn.Sequential(conv, new nn.BatchNorm2d(3)).eval() as never)).toThrow(
      'foldBatchNorm: 1 (BatchNorm2d) must have the 2 channels of the layer before it; got 3',
    );
  });
});
