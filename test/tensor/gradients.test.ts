import { add, checkpoint, customGradient, nn, noGrad, optim, randn, seed, type Tensor } from 'adjoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../../lib/core/watching.js';
import { readGradient } from '../../lib/tensor/tensor.js';
import { engines } from '../harness.js';

/** Beyond what is cut from slabs, so that it is recycled. */
const shape: [number, number] = [32, 24];
const leaf = (): Tensor => randn(shape).requireGrad();
const bufferOf = (x: Tensor): ArrayBufferLike => x.storage.data.buffer;

/** A graph with paths that share gradients: sums of one operand, views, broadcasts, a leaf that is used twice. */
function loss(a: Tensor, b: Tensor, bias: Tensor): Tensor {
  const h = add(a.matmul(b.transpose()).tanh(), a.matmul(b.transpose()));
  const wide = add(h, bias).reshape([4, 256]).reshape([32, 32]);
  return add(
    wide.mul(wide).mean(),
    add(a, a)
      .sub(b)
      .mul(h.sum(1, { keepDims: true }))
      .sum(),
  );
}

describe.each(engines)('gradients on $name', ({ use }) => {
  beforeEach(() => {
    use();
    seed(3);
  });

  it('are the same in memory that is used again, step after step', () => {
    const leaves = [leaf(), leaf(), randn([32]).requireGrad()] as const;
    const run = (): number[][][] =>
      Array.from({ length: 4 }, () => {
        for (const each of leaves) each.grad = null;
        loss(...leaves).backward();
        return leaves.map((each) => [...(each.grad as Tensor).data()]);
      });
    const recycled = run();
    const release = watch({}); // who looks on may hold what it sees, so nothing is used again
    expect(recycled).toEqual(run());
    release();
  });

  it('are the same where rules compute in memory of their own', () => {
    const models = (): nn.Module[] => [
      new nn.LSTM(24, 16, { numLayers: 2, bidirectional: true }),
      new nn.GRU(24, 16),
      new nn.RNN(24, 16),
      new nn.TransformerEncoderLayer(24, 3, { dimFeedforward: 40, dropout: 0.1, activation: 'gelu' }),
    ];
    const run = (): number[][] => {
      seed(4);
      return models().flatMap((model) => {
        const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.5 });
        const x = randn([9, 8, 24]).requireGrad();
        const step = checkpoint((x: Tensor): Tensor => [model.forward(x)].flat()[0].softmax(-1).logSumExp(0));
        for (let i = 0; i < 3; i++) {
          optimizer.zeroGrad();
          add(step(x), [model.forward(x)].flat()[0].max(0).maximum(0.1))
            .square()
            .sum()
            .backward();
          optimizer.step();
        }
        return [...model.parameters(), x.grad as Tensor].map((each: Tensor) => [...each.data()]);
      });
    };
    const recycled = run();
    const release = watch({});
    expect(recycled).toEqual(run());
    release();
  });

  it('stay as they were once somebody has asked for them', () => {
    const x = leaf();
    x.mul(x).sum().backward();
    const first = x.grad as Tensor;
    const values = first.toArray();
    for (let i = 0; i < 3; i++) {
      x.grad = null;
      x.tanh().mul(2).exp().sum().backward();
    }
    expect(first.toArray()).toEqual(values);
  });

  it('stay as they were where a rule of the user’s own has seen them', () => {
    const seen: Tensor[] = [];
    const watched = customGradient((x: Tensor) => ({
      value: x.mul(1),
      backward: (dy: Tensor) => {
        const dx = dy.mul(3);
        seen.push(dy, dx);
        return [dx];
      },
    }));
    const x = leaf();
    const step = () => watched(x.exp()).tanh().mul(2).sum().backward();
    step();
    const values = seen.map((each) => each.toArray());
    step();
    step();
    expect(seen.slice(0, 2).map((each) => each.toArray())).toEqual(values);
  });

  it('that two leaves share are not used again while one of them has its own', () => {
    const [x, y] = [leaf(), leaf()];
    add(x, y).mul(randn(shape)).sum().backward();
    const values = noGrad(() => (y.grad as Tensor).clone());
    x.grad = null;
    const z = leaf();
    z.exp().tanh().mul(2).sum().backward();
    expect((y.grad as Tensor).toArray()).toEqual(values.toArray());
  });

  it('of a step before that nobody saw give their memory to the next ones', () => {
    const model = new nn.Sequential(new nn.Linear(24, 40), new nn.Tanh(), new nn.Linear(40, 24));
    const optimizer = new optim.Adam(model.parameters());
    const x = randn(shape);
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 6; i++) {
      optimizer.zeroGrad();
      model.forward(x).square().mean().backward();
      buffers.add(bufferOf(readGradient(model.layers[0].weight) as Tensor));
      optimizer.step();
    }
    expect(buffers.size).toBeLessThan(4);
  });
});
