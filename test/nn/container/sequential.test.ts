import { capture, nn, noGrad, ones, optim, randn, relu, seed, type Tensor, tanh, tensor, zeros } from 'adjoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchStorages } from '../../../lib/core/storage.js';
import { watch } from '../../../lib/core/watching.js';
import { engines, expectClose } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Sequential', {
  make: (options) =>
    new nn.Sequential(new nn.Linear(3, 4, options), new nn.Tanh(), new nn.Sequential(new nn.Linear(4, 2, options))),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: (
    {
      layers: [
        first,
        ,
        {
          layers: [last],
        },
      ],
    },
    x,
  ) => last.forward(tanh(first.forward(x))),
  text: [
    'Sequential(',
    '  (0): Linear(inFeatures=3, outFeatures=4)',
    '  (1): Tanh()',
    '  (2): Sequential(',
    '    (0): Linear(inFeatures=4, outFeatures=2)',
    '  )',
    ')',
  ].join('\n'),
});

/** Every layer of whose forward pass Sequential knows that it keeps nothing. */
const build = () =>
  new nn.Sequential(
    new nn.Conv2d(2, 6, 3, { padding: 1 }),
    new nn.BatchNorm2d(6),
    new nn.LeakyReLU(0.1),
    new nn.GroupNorm(2, 6),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Sequential(new nn.Conv2d(6, 8, 3, { padding: 1 }), new nn.Sequential(), new nn.Dropout(0.2), new nn.GELU()),
    new nn.AvgPool2d(2),
    new nn.Flatten(),
    new nn.Linear(72, 24),
    new nn.BatchNorm1d(24),
    new nn.Tanh(),
    new nn.Linear(24, 24),
    new nn.LayerNorm(24),
    new nn.Sigmoid(),
    new nn.Linear(24, 20),
  );
const images = (): Tensor => randn([16, 2, 12, 12]);

/** Layers of an encoder and a decoder with their norms before and behind. */
class Translator extends nn.Module {
  readonly encoder = new nn.Sequential(
    new nn.TransformerEncoderLayer(16, 4, { dimFeedforward: 32, dropout: 0.2 }),
    new nn.TransformerEncoderLayer(16, 2, { dimFeedforward: 32, activation: 'gelu', dropout: 0, normFirst: true }),
  );
  readonly decoders = [
    new nn.TransformerDecoderLayer(16, 2, { dimFeedforward: 32, dropout: 0.2, normFirst: true }),
    new nn.TransformerDecoderLayer(16, 4, { dimFeedforward: 32, dropout: 0 }),
  ];
  readonly head = new nn.MultiheadAttention(16, 2);

  forward(x: Tensor): Tensor {
    const memory = this.encoder.forward(x);
    const y = this.decoders.reduce((y, layer) => layer.forward(y, memory, { self: { causal: true } }), x);
    const [attended, weights] = this.head.forward(y, memory, memory);
    return attended.add(weights.sum());
  }
}

const networks = [
  { network: 'a Sequential', make: build as () => nn.Module, input: images },
  { network: 'a Transformer', make: () => new Translator(), input: (): Tensor => randn([12, 8, 16]) },
];

class Keeper extends nn.Module {
  readonly kept: Tensor[] = [];
  forward(x: Tensor): Tensor {
    this.kept.push(x);
    const y: Tensor = x.mul(2);
    this.kept.push(y);
    return y;
  }
}

describe.each(engines)('what layers pass on, on $name,', ({ use }) => {
  beforeEach(() => {
    use();
    seed(5);
  });
  afterEach(() => watchStorages(null));

  it.each(networks)('leaves the bits of $network as they are where nothing is used again', ({ make, input }) => {
    const run = (): number[][] => {
      seed(6);
      const model = make();
      const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
      for (let i = 0; i < 3; i++) {
        optimizer.zeroGrad();
        (model.forward(input()) as Tensor).square().mean().backward();
        optimizer.step();
      }
      const infer = (): Tensor => noGrad(() => model.forward(input()) as Tensor);
      const outputs = [infer()];
      model.eval();
      outputs.push(infer());
      return [...outputs, ...model.parameters()].map((each: Tensor) => [...each.data()]);
    };
    const recycled = run();
    const release = watch({}); // who looks on may hold what it sees
    expect(recycled).toEqual(run());
    release();
  });

  it.each(networks)('is used again by $network: a step in its stride takes new memory for few results', (each) => {
    const model = each.make();
    const x = each.input();
    const buffers = new Set<ArrayBufferLike>();
    const step = () => {
      model.zeroGrad();
      (model.forward(x) as Tensor).square().mean().backward();
    };
    for (let i = 0; i < 3; i++) step();
    let made = 0;
    watchStorages(({ data }) => {
      if (data.byteLength > 4096) {
        made++;
        buffers.add(data.buffer);
      }
    });
    for (let i = 0; i < 8; i++) step();
    expect(buffers.size).toBeLessThan(made / 2);
  });

  it('stays as it was for a layer of the user’s own, a hook, and who has the result', () => {
    const keeper = new Keeper();
    const model = new nn.Sequential(
      new nn.Linear(24, 40),
      new nn.Sequential(new nn.Tanh(), keeper),
      new nn.Tanh(),
      new nn.Linear(40, 24),
      new nn.Dropout(0),
    );
    const seen: Tensor[] = keeper.kept;
    const release = model.layers[2].onForward((_layer, [x], y) => seen.push(x as Tensor, y as Tensor));
    const x = randn([32, 24]);
    seen.push(x, model.forward(x));
    const values = seen.map((each) => each.toArray());
    const count = seen.length;
    for (let i = 0; i < 4; i++)
      model
        .forward(randn([32, 24]))
        .exp()
        .sum()
        .backward();
    expect(seen.slice(0, count).map((each) => each.toArray())).toEqual(values);
    release();
  });

  it('is still there for a second backward, and for a gradient of the gradient', () => {
    const model = new nn.Sequential(new nn.Linear(24, 40), new nn.Tanh(), new nn.Linear(40, 30), new nn.GELU());
    const x = randn([32, 24]).requireGrad();
    const gradients = (): number[][] => {
      x.grad = null;
      const y = model.forward(x).square().sum();
      y.backward(undefined, { retainGraph: true });
      model
        .forward(randn([32, 24]))
        .sum()
        .backward();
      y.backward();
      return [x.grad as Tensor | null as Tensor].map((each) => [...each.data()]);
    };
    seed(1);
    const recycled = gradients();
    const release = watch({});
    seed(1);
    expect(recycled).toEqual(gradients());
    release();
  });

  it('is a plan’s where the step is captured', () => {
    const model = new nn.Sequential(new nn.Linear(24, 40), new nn.Tanh(), new nn.Linear(40, 24));
    const step = (x: Tensor): Tensor => {
      model.zeroGrad();
      const loss = model.forward(x).square().mean();
      loss.backward();
      return loss;
    };
    const x = randn([32, 24]);
    const eager = [step(x), step(x)].map((loss) => loss.item());
    const captured = capture(step);
    expect([captured(x), captured(x)].map((loss) => loss.item())).toEqual(eager);
  });
});

it('an empty batch passes through linear maps, convolution, pooling and normalisation', () => {
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

describe.each(engines)('a network of rectifiers on $name', ({ use }) => {
  const cases = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const network = () => new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU(), new nn.Linear(2, 1));

  // Line 347 prints 2 for the −2, which gives 0, 1, 1, 4.
  it('lecture notes 000, lines 347 and 522: is XOR with nine parameters set by hand', () => {
    use();
    const net = network();
    expect(net.parameters().reduce((count, { size }) => count + size, 0)).toBe(9);
    const [hidden, , output] = net.layers;
    hidden.weight.assign(ones([2, 2]));
    hidden.bias?.assign(tensor([0, -1]));
    output.weight.assign(tensor([[1, -2]]));
    output.bias?.assign(zeros([1]));
    const represented = relu(hidden.forward(cases));
    expect(represented.toArray()).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [2, 1],
    ]);
    expect(net.forward(cases).toArray()).toEqual([[0], [1], [1], [0]]);
    output.weight.assign(tensor([[1, 2]]));
    expect(net.forward(cases).toArray()).toEqual([[0], [1], [1], [4]]);
  });

  it('lecture notes 000, line 541: is the same with hidden units in another order, or scaled by β and 1/β', () => {
    use();
    seed(1);
    const [net, other] = [network(), network()];
    const [hidden, , output] = net.layers;
    const [hiddenOther, , outputOther] = other.layers;
    const order = tensor([1, 0], { dtype: 'int32' });
    const scale = tensor([4, 0.5]);
    hiddenOther.weight.assign(hidden.weight.indexSelect(0, order).mul(scale.reshape([2, 1])));
    hiddenOther.bias?.assign((hidden.bias as Tensor).indexSelect(0, order).mul(scale));
    outputOther.weight.assign(output.weight.indexSelect(1, order).div(scale));
    outputOther.bias?.assign(output.bias as Tensor<[1]>);
    expectClose(other.forward(cases), { shape: [4, 1], data: [...net.forward(cases).data()] });
  });
});
