import {
  linear,
  nn,
  ones,
  rand,
  randn,
  scaledDotProductAttention,
  seed,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, type Sample } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

const close = (actual: Tensor, expected: Tensor): void =>
  expectClose(actual, { shape: [...expected.shape], data: [...expected.data()].map(Number) }, { slack: 10 });

/** True above the diagonal: what a causal mask hides. */
const ahead = (length: number, keys = length): Tensor<any, 'bool'> => ones([length, keys]).triu(1).ne(0);

/** A layer whose biases are not 0, and of a repeatable beginning. */
function layerOf(...[embedDim, numHeads, options]: ConstructorParameters<typeof nn.MultiheadAttention>) {
  seed(4);
  const layer = new nn.MultiheadAttention(embedDim, numHeads, options);
  if (layer.inProjBias !== null) nn.init.uniform(layer.inProjBias, { low: -1, high: 1 });
  return layer;
}

describe.each(engines)('MultiheadAttention on $name', ({ use }) => {
  it('gives the same with weights and without, for one tensor and for three, batch first and second', () => {
    use();
    const layer = layerOf(12, 3);
    const x = randn([5, 2, 12]);
    const [expected, weights] = layer.forward(x, x, x);
    expect(weights.shape).toEqual([2, 5, 5]);
    close(weights.sum(-1), ones([2, 5]));
    close(layer.forward(x, x, x, { needWeights: false })[0], expected);
    close(layer.forward(x, x.clone(), x.clone(), { needWeights: false })[0], expected);
    const first = layerOf(12, 3, { batchFirst: true });
    const y: Tensor = x.transpose(0, 1);
    close(first.forward(y, y, y, { needWeights: false })[0].transpose(0, 1), expected);
    close(first.forward(y, y, y)[1], weights);
  });

  it('has the gradients of the weights’ path in the one that has none', () => {
    use();
    for (const batchFirst of [false, true]) {
      const layer = layerOf(12, 3, { batchFirst });
      const gradients = [true, false].map((needWeights) => {
        layer.zeroGrad();
        const x = randn([5, 2, 12]).requireGrad();
        seed(9);
        const values = randn([5, 2, 12]);
        x.assign(values);
        const [y] = layer.forward(x, x, x, { needWeights, causal: true });
        y.square().sum().backward();
        return [x, ...layer.parameters()].map(({ grad }) => grad as Tensor);
      });
      gradients[0].forEach((expected, i) => {
        close(gradients[1][i], expected);
      });
    }
  });

  it('takes keys and values of other widths and lengths, and unbatched ones', () => {
    use();
    const layer = layerOf(8, 2, { kdim: 5, vdim: 3, bias: false });
    expect([...layer.stateDict()].map(([name, { shape }]) => [name, shape])).toEqual([
      ['q_proj_weight', [8, 8]],
      ['k_proj_weight', [8, 5]],
      ['v_proj_weight', [8, 3]],
      ['out_proj.weight', [8, 8]],
    ]);
    const [query, key, value] = [randn([4, 2, 8]), randn([6, 2, 5]), randn([6, 2, 3])];
    const [y, weights] = layer.forward(query, key, value);
    expect([y.shape, weights.shape]).toEqual([
      [4, 2, 8],
      [2, 4, 6],
    ]);
    const one = [query, key, value].map((x: Tensor): Tensor => x.slice(null, 1));
    const [z, w] = layer.forward(one[0], one[1], one[2]);
    close(z, y.slice(null, 1));
    close(w, weights.slice(1));
    const padding = tensor([false, true, false, false, true, true]);
    const [hidden] = layer.forward(one[0], one[1], one[2], { keyPaddingMask: padding, needWeights: false });
    const kept = [one[1], one[2]].map(
      (x: Tensor): Tensor => tensor([0, 2, 3].map((i) => x.slice(i).toArray() as number[])),
    );
    close(hidden, layer.forward(one[0], kept[0], kept[1])[0]);
  });

  it('joins masks of both kinds', () => {
    use();
    const layer = layerOf(8, 2, { batchFirst: true });
    const x = randn([3, 4, 8]);
    const keyPaddingMask = tensor([
      [false, false, false, false],
      [false, false, true, true],
      [false, true, false, true],
    ]);
    const expected = layer.forward(x, x, x, { keyPaddingMask, attentionMask: ahead(4) });
    const added = ahead(4).to('float32').mul(-1e9);
    const perHead = ahead(4).expand([6, 4, 4]).clone();
    for (const masks of [
      { keyPaddingMask, causal: true },
      { keyPaddingMask, attentionMask: added },
      { keyPaddingMask: keyPaddingMask.to('float32').mul(-1e9), attentionMask: ahead(4) },
      { keyPaddingMask, attentionMask: perHead },
    ]) {
      const [y, weights] = layer.forward(x, x, x, masks);
      close(y, expected[0]);
      close(weights, expected[1]);
      close(layer.forward(x, x, x, { ...masks, needWeights: false })[0], expected[0]);
    }
    // A sequence that is all padding: its heads give 0, and the output projection its bias.
    const all = tensor([
      [true, true, true, true],
      [false, false, false, false],
      [false, false, false, false],
    ]);
    const [y] = layer.forward(x, x, x, { keyPaddingMask: all, needWeights: false });
    close(y.slice(0), zeros([4, 8]));
  });

  it('passes a gradient to a mask that is learned', () => {
    use();
    const layer = layerOf(8, 2);
    const attentionMask = rand([3, 3]).requireGrad();
    const x = randn([3, 2, 8]);
    layer.forward(x, x, x, { attentionMask, needWeights: false })[0].square().sum().backward();
    const gradient = attentionMask.grad as Tensor;
    expect(gradient.abs().sum().item()).toBeGreaterThan(0.01);
    // Adding the same to all scores of a query changes nothing.
    close(gradient.sum(-1), zeros([3]));
  });

  it('computes bfloat16 in float32, and takes masks of any floating dtype', () => {
    use();
    const layer = layerOf(8, 2);
    const x = randn([4, 2, 8]);
    const low = layerOf(8, 2, { dtype: 'bfloat16' });
    const attentionMask = randn([4, 4]);
    const [expected] = layer.forward(x, x, x, { attentionMask });
    for (const needWeights of [true, false]) {
      const wide = layer.forward(x, x, x, { attentionMask: attentionMask.to('float64'), needWeights })[0];
      expect(wide.dtype).toBe('float64');
      close(wide.to('float32'), expected);
      const narrow = x.to('bfloat16').requireGrad();
      const [y] = low.forward(narrow, narrow, narrow, { attentionMask: attentionMask.to('bfloat16'), needWeights });
      expect(y.dtype).toBe('bfloat16');
      expect(y.to('float32').sub(expected).abs().max().item()).toBeLessThan(0.05);
      y.sum().backward();
      expect(narrow.grad?.dtype).toBe('bfloat16');
    }
  });

  it('drops weights in training alone', () => {
    use();
    const layer = layerOf(8, 2, { dropout: 0.5 });
    const x = randn([6, 2, 8]);
    const call = () => layer.forward(x, x, x, { needWeights: false })[0].data();
    expect(call()).not.toEqual(call());
    layer.eval();
    expect(call()).toEqual(call());
    layer.train();
    seed(2);
    const [withWeights] = layer.forward(x, x, x);
    seed(2);
    close(layer.forward(x, x, x, { needWeights: false })[0], withWeights);
  });
});

it('MultiheadAttention starts by Glorot and with biases 0', () => {
  setBackend('native');
  seed(0);
  const layer = new nn.MultiheadAttention(64, 4);
  const bound = Math.sqrt(6 / (64 + 192));
  const weights = (layer.inProjWeight as Tensor).data();
  expect(Math.max(...weights)).toBeLessThan(bound);
  expect(Math.max(...weights)).toBeGreaterThan(0.99 * bound);
  expect(layer.inProjBias?.abs().sum().item()).toBe(0);
  expect(layer.outProj.bias?.abs().sum().item()).toBe(0);
});

it('lecture notes 004, line 9297: MultiheadAttention joins 8 heads of 4 × 64 to 4 × 512, and W₀ gives 4 × 512', () => {
  const layer = new nn.MultiheadAttention(512, 8, { batchFirst: true });
  const x = randn([1, 4, 512]);
  const joined: number[][] = [];
  layer.outProj.beforeForward((_, [heads]) => void joined.push((heads as Tensor).shape));
  const [y, weights] = layer.forward(x, x, x, { averageWeights: false });
  expect([joined, weights.shape, y.shape]).toEqual([[[1, 4, 512]], [1, 8, 4, 4], [1, 4, 512]]);
  const count = (module: nn.Module): number => module.parameters().reduce((sum, { size }) => sum + size, 0);
  expect(count(layer)).toBe(1_050_624);
  expect(count(new nn.MultiheadAttention(512, 8, { bias: false }))).toBe(1_048_576);
});

const operands = (...shapes: number[][]): Sample => ({ operands: shapes.map((shape) => ({ shape })) });
const layer = new nn.MultiheadAttention(8, 2);
const x = ones([3, 2, 8]);

moduleSpec('MultiheadAttention', {
  make: (options) => new nn.MultiheadAttention(4, 2, options),
  // The weights have them along another axis than the result; the layers made of it hold this.
  examples: null,
  inputs: [
    operands([2, 2, 4], [3, 2, 4], [3, 2, 4]),
    operands([1, 1, 4], [2, 1, 4], [2, 1, 4]),
    operands([2, 0, 4], [3, 0, 4], [3, 0, 4]),
  ],
  equals: ({ inProjWeight, inProjBias, outProj }, ...inputs: Tensor[]) => {
    const [q, k, v] = inputs.map((x, i): Tensor => {
      const rows: [number, number] = [4 * i, 4 * i + 4];
      const projected: Tensor = linear(x, (inProjWeight as Tensor).slice(rows), (inProjBias as Tensor).slice(rows));
      return projected.reshape([x.shape[0], x.shape[1], 2, 2]).permute([1, 2, 0, 3]);
    });
    const heads: Tensor = scaledDotProductAttention(q, k, v).permute([2, 0, 1, 3]);
    const scores: Tensor = q.matmul(k.transpose()).mul(Math.SQRT1_2);
    return [outProj.forward(heads.reshape(inputs[0].shape)), softmax(scores).mean(1)];
  },
  keepsNothing: true,
  // Attention in tiles sums in another order than the weights' path.
  slack: 4,
  text: [
    'MultiheadAttention(',
    '  embedDim=4, numHeads=2, qProjWeight=null, kProjWeight=null, vProjWeight=null, dropout=0, batchFirst=false, rotaryBase=null',
    '  (out_proj): Linear(inFeatures=4, outFeatures=4)',
    ')',
  ].join('\n'),
  errors: (
    [
      [
        () => new nn.MultiheadAttention(10, 4),
        'MultiheadAttention: embedDim must be a multiple of numHeads; got 10 and 4',
      ],
      [() => new nn.MultiheadAttention(8, 0), 'MultiheadAttention: numHeads must be a whole number ≥ 1; got 0'],
      [
        () => new nn.MultiheadAttention(8, 2, { dropout: -1 }),
        'MultiheadAttention: dropout must be within 0 … 1; got -1',
      ],
      [
        () => layer.forward(x, ones([5, 2, 6]), ones([5, 2, 8])),
        'MultiheadAttention: key must have the axes [length, batch, 8]; got [5, 2, 6]',
      ],
      [
        () => layer.forward(x, ones([5, 2, 8]), ones([4, 2, 8])),
        'MultiheadAttention: query, key and value must have one batch size, key and value one length; got [3, 2, 8], [5, 2, 8] and [4, 2, 8]',
      ],
      [
        () => layer.forward(x, x, x, { keyPaddingMask: ones([3, 2]).ne(0) }),
        'MultiheadAttention: keyPaddingMask must be [2, 3]; got [3, 2]',
      ],
      [
        () => layer.forward(x, x, x, { attentionMask: ones([2, 3, 3]).ne(0) }),
        'MultiheadAttention: attentionMask must be [3, 3] or [4, 3, 3]; got [2, 3, 3]',
      ],
      [
        () => layer.forward(x, x, x, { attentionMask: ones([3, 3], { dtype: 'int32' }) }),
        'MultiheadAttention: attentionMask must be bool (true where a key takes no part) or floating-point (added to the scores); got int32; compare it, e.g. mask.ne(0)',
      ],
    ] as [() => unknown, string][]
  ).map(([call, says]) => ({ call, says })),
});
