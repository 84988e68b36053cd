import { capture, concat, linear, mseLoss, nn, ones, randn, relu, seed, sigmoid, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { type Made, moduleSpec } from '../../module_spec.js';

/** Two inputs, a layer that both share, a branch, and two outputs. */
function twins(options: Partial<Made> = {}) {
  const [left, right] = [nn.input([null, 3]), nn.input([null, 3])];
  const twin = new nn.Linear(3, 2, options);
  const [a, b] = [nn.call(twin, left), nn.call(twin, right)];
  const apart = nn.call((a: Tensor, b: Tensor): Tensor => a.sub(b).square(), [a, b]);
  const score = nn.call(new nn.Linear(2, 1, options), apart, { name: 'score' });
  const both = nn.call((a: Tensor, b: Tensor) => concat([a, b], 1), [a, b]);
  return new nn.Graph([left, right], [score, nn.call(new nn.Linear(4, 2, options), both)]);
}

const pair = (n: number) => ({ operands: [{ shape: [n, 3] }, { shape: [n, 3] }] });

moduleSpec('Graph', {
  make: twins,
  inputs: [pair(2), pair(1), pair(0)],
  equals: (model, x: Tensor, y: Tensor) => {
    const layer = (name: string) => new Map(model.namedModules()).get(name) as nn.Linear;
    const [a, b]: Tensor[] = [layer('linear').forward(x), layer('linear').forward(y)];
    return [layer('score').forward(a.sub(b).square()), layer('linear_1').forward(concat([a, b], 1))];
  },
  keepsNothing: false,
  text: [
    'Graph(',
    '  (linear): Linear(inFeatures=3, outFeatures=2)',
    '  (score): Linear(inFeatures=2, outFeatures=1)',
    '  (linear_1): Linear(inFeatures=4, outFeatures=2)',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => (twins() as nn.Module).forward(ones([1, 3])),
      says: 'Graph: the forward pass takes 2 tensors; got 1',
    },
    {
      call: () => {
        const [a, b] = [nn.input([2]), nn.input([2])];
        return new nn.Graph(
          a,
          nn.call((a: Tensor, b: Tensor): Tensor => a.add(b), [a, b]),
        );
      },
      says: 'Graph: the outputs must come from the inputs alone; got another input behind them; add it to inputs',
    },
    {
      call: () => {
        const [a, b] = [nn.input([2]), nn.input([2])];
        return new nn.Graph([a, b], nn.call(relu, a));
      },
      says: 'Graph: every input must lead to an output; got input 1, which does not; leave it out',
    },
    {
      call: () => {
        const a = nn.input([null, 2]);
        const b = nn.call(new nn.Linear(2, 2), a, { name: 'same' });
        return new nn.Graph(a, nn.call(new nn.Linear(2, 2), b, { name: 'same' }));
      },
      says: "Graph: each name must be one layer's; got two of the name 'same'",
    },
    {
      call: () => nn.call(new nn.Linear(3, 2) as nn.Module, [nn.input([null, 4])]),
      says: 'linear: the last axis of x must have the 3 elements that weight [2, 3] takes; got [64, 4]',
    },
    {
      call: () => nn.call(relu, ones([2]) as never),
      says: 'call: values must be those of a graph; got something else; begin with nn.input(shape)',
    },
    {
      call: () => nn.call(relu, nn.input([2]), { name: 'a.b' }),
      says: "call: a name must be of letters, digits and _; got 'a.b'",
    },
    { call: () => nn.input([-1]), says: 'input: a size must be a whole number ≥ 0; got -1' },
  ],
});

it('a graph counts a shared layer once, in parameters, names and summary', () => {
  const model = twins();
  expect([...model.stateDict().keys()]).toEqual(
    ['linear', 'score', 'linear_1'].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
  );
  const lines = model.summary([5, 3], [5, 3]).split('\n');
  expect(lines.slice(2, -4).map((line) => [line.split(' ')[0], Number(/\d+$/.exec(line))])).toEqual([
    ['linear', 8],
    ['linear', 0],
    ['score', 3],
    ['linear_1', 10],
  ]);
});

it('a graph counts tied weights once', () => {
  const codes = nn.input([null, 5], 'int32');
  const table = new nn.Embedding(7, 4);
  class Scores extends nn.Module {
    weight = table.weight;
    forward(x: Tensor): Tensor {
      return linear(x, this.weight);
    }
  }
  const model = new nn.Graph(codes, nn.call(new Scores(), nn.call(table, codes)));
  expect(model.parameters()).toEqual([table.weight]);
  expect([...model.stateDict().keys()]).toEqual(['embedding.weight']);
  expect(model.forward(tensor([[1, 2, 3, 4, 5]], { dtype: 'int32' })).shape).toEqual([1, 5, 7]);
});

it('a graph is a layer of another graph, whose layers take masks and give several results', () => {
  const inner = twins();
  const [x, y] = [nn.input([null, 3]), nn.input([null, 3])];
  const results = nn.call(inner, [x, y], { name: 'twins' });
  const score = nn.call(([score]: Tensor[]): Tensor => score.neg(), results);
  const outer = new nn.Graph([x, y], score);
  const [a, b] = [randn([4, 3]), randn([4, 3])];
  expect(outer.forward(a, b).data()).toEqual(inner.forward(a, b)[0].neg().data());
  expect([...outer.stateDict().keys()]).toContain('twins.score.weight');
  const text = nn.input([null, 5, 8]);
  const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  const weights = nn.call(
    ([, weights]: Tensor[]): Tensor => weights,
    nn.call(attention, [text, text, text], { args: [{ causal: true }] }),
  );
  const [first] = new nn.Graph(text, weights).forward(randn([1, 5, 8])).toArray() as number[][][];
  expect(first[0]).toEqual([1, 0, 0, 0, 0]);
});

describe.each(engines)('the XOR net on $name', ({ use }) => {
  it('gives the same bits in every style of building, results and gradients', () => {
    use();
    class Subclass extends nn.Module {
      hidden = new nn.Linear(2, 2);
      output = new nn.Linear(2, 1);
      forward(x: Tensor<[number, 2]>) {
        return sigmoid(this.output.forward(sigmoid(this.hidden.forward(x))));
      }
    }
    const sequential = () =>
      new nn.Sequential(new nn.Linear(2, 2), new nn.Sigmoid(), new nn.Linear(2, 1), new nn.Sigmoid());
    const graph = () => {
      const x = nn.input([null, 2]);
      const hidden = nn.call(sigmoid, nn.call(new nn.Linear(2, 2), x));
      return new nn.Graph(x, nn.call(sigmoid, nn.call(new nn.Linear(2, 1), hidden)));
    };
    const raw = () => {
      const [w1, b1, w2, b2] = new Subclass().parameters().map((p) => p.detach().clone().requireGrad());
      const forward = (x: Tensor): Tensor => sigmoid(linear(sigmoid(linear(x, w1, b1)), w2, b2));
      return { forward, parameters: () => [w1, b1, w2, b2] };
    };
    const styles: (() => { forward(x: Tensor): Tensor; parameters(): Tensor[] })[] = [
      sequential,
      graph,
      () => new Subclass(),
      raw,
    ];
    const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]); // biome-ignore format: the four cases
    const y = tensor([[0], [1], [1], [0]]);
    const results = styles.flatMap((style) =>
      [(step: () => Tensor) => step, (step: () => Tensor) => capture(step)].map((wrap) => {
        seed(5);
        const net = style();
        expect(net.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(9);
        const step = wrap(() => {
          for (const p of net.parameters()) p.grad = null;
          const loss: Tensor = mseLoss(net.forward(x), y);
          loss.backward();
          return loss.detach();
        });
        step();
        return [step(), net.forward(x), ...net.parameters().map(({ grad }) => grad as Tensor)].map((t) =>
          t.detach().data(),
        );
      }),
    );
    for (const result of results) expect(result).toEqual(results[0]);
  });
});
