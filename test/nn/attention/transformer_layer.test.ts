import {
  capture,
  Generator,
  gelu,
  mseLoss,
  nn,
  noGrad,
  optim,
  randn,
  seed,
  type Tensor,
  tensor,
  withoutMemory,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

const close = (actual: Tensor, expected: Tensor): void =>
  expectClose(actual, { shape: [...expected.shape], data: [...expected.data()].map(Number) }, { slack: 20 });

const small = { dimFeedforward: 16, batchFirst: true, dropout: 0 };

describe.each(engines)('Transformer layers on $name', ({ use }) => {
  it('an encoder layer sees what its masks leave', () => {
    use();
    seed(1);
    const layer = new nn.TransformerEncoderLayer(8, 2, small);
    const x = randn([2, 5, 8]);
    const y = layer.forward(x, { causal: true });
    // What comes later has no effect on what came before, and a sequence that was cut off is as good as a padded one.
    const start: Tensor = x.slice(null, [0, 3]);
    close(y.slice(null, [0, 3]), layer.forward(start, { causal: true }));
    const keyPaddingMask = tensor([
      [false, false, false, true, true],
      [false, false, false, true, true],
    ]);
    close(layer.forward(x, { keyPaddingMask }).slice(null, [0, 3]), layer.forward(start));
    // Unbatched.
    close(layer.forward(x.slice(1), { causal: true }), y.slice(1));
  });

  it('a decoder layer sees its own past and the memory that is no padding', () => {
    use();
    seed(1);
    const layer = new nn.TransformerDecoderLayer(8, 2, { ...small, normFirst: true, activation: 'gelu' });
    const x = randn([2, 4, 8]);
    const memory = randn([2, 6, 8]);
    const masks = { self: { causal: true } };
    const start: Tensor = x.slice(null, [0, 2]);
    close(layer.forward(x, memory, masks).slice(null, [0, 2]), layer.forward(start, memory, masks));
    const keyPaddingMask = tensor(Array.from({ length: 2 }, () => [false, false, false, false, true, true]));
    close(
      layer.forward(x, memory, { ...masks, memory: { keyPaddingMask } }),
      layer.forward(x, memory.slice(null, [0, 4]), masks),
    );
  });

  it.each([true, false])('trains with the same bits captured and eager, normFirst %s', (normFirst) => {
    use();
    const train = (wrap: (step: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor, y: Tensor) => unknown) => {
      seed(3);
      const layer = new nn.TransformerEncoderLayer(8, 2, { ...small, dropout: 0.2, normFirst });
      const optimizer = new optim.Adam(layer.parameters(), { lr: 1e-2 });
      const [x, y] = [randn([2, 5, 8]), randn([2, 5, 8])];
      const step = wrap((x, y) => {
        optimizer.zeroGrad();
        const loss = mseLoss(layer.forward(x), y);
        loss.backward();
        optimizer.step();
        return loss.detach();
      });
      for (let i = 0; i < 4; i++) step(x, y);
      layer.eval();
      return [layer.forward(x), ...layer.parameters()].map((x) => x.detach().data());
    };
    expect(train((step) => capture(step))).toEqual(train((step) => step));
  });
});

it('layers learn to copy the previous position, which only attention can', () => {
  seed(0);
  const layer = new nn.TransformerEncoderLayer(16, 2, { ...small, dimFeedforward: 32, normFirst: true });
  const head = new nn.Linear(16, 4);
  const position = randn([6, 16]);
  const embed = new nn.Linear(4, 16);
  const optimizer = new optim.Adam(
    [layer, head, embed].flatMap((part) => part.parameters()),
    { lr: 1e-2 },
  );
  const predict = (x: Tensor): Tensor => head.forward(layer.forward(embed.forward(x).add(position), { causal: true }));
  const error = (x: Tensor): Tensor => mseLoss(predict(x).slice(null, [1]), x.slice(null, [0, -1]));
  const step = capture((x: Tensor) => {
    optimizer.zeroGrad();
    error(x).backward();
    optimizer.step();
  });
  for (let i = 0; i < 300; i++) step(randn([32, 6, 4]));
  // Without attention the best is the variance, 1.
  expect(noGrad(() => error(randn([64, 6, 4]))).item()).toBeLessThan(0.1);
});

const parts = { dimFeedforward: 3, dropout: 0 };

moduleSpec('TransformerEncoderLayer', {
  make: (options) => new nn.TransformerEncoderLayer(2, 1, { ...parts, ...options }),
  examples: 1,
  inputs: [
    [3, 2, 2],
    [1, 1, 2],
    [3, 0, 2],
  ],
  equals: ({ selfAttn, norm1, norm2, linear1, linear2 }, x) => {
    const [attended] = selfAttn.forward(x, x, x, { needWeights: false });
    const y: Tensor = norm1.forward(x.add(attended));
    return norm2.forward(y.add(linear2.forward(linear1.forward(y).relu())));
  },
  text: [
    'TransformerEncoderLayer(',
    "  activation='relu', normFirst=false",
    '  (self_attn): MultiheadAttention(',
    '    embedDim=2, numHeads=1, qProjWeight=null, kProjWeight=null, vProjWeight=null, dropout=0, batchFirst=false, rotaryBase=null',
    '    (out_proj): Linear(inFeatures=2, outFeatures=2)',
    '  )',
    '  (linear1): Linear(inFeatures=2, outFeatures=3)',
    "  (dropout): Dropout(p=0, convention='inverted')",
    '  (linear2): Linear(inFeatures=3, outFeatures=2)',
    '  (norm1): LayerNorm(normalizedShape=[2], eps=0.00001)',
    '  (norm2): LayerNorm(normalizedShape=[2], eps=0.00001)',
    "  (dropout1): Dropout(p=0, convention='inverted')",
    "  (dropout2): Dropout(p=0, convention='inverted')",
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.TransformerEncoderLayer(8, 2, { activation: 'tanh' as never }),
      says: "TransformerEncoderLayer: activation must be 'relu', 'gelu', a function or a layer; got 'tanh'",
    },
    {
      call: () => new nn.TransformerEncoderLayer(8, 3),
      says: 'MultiheadAttention: embedDim must be a multiple of numHeads; got 8 and 3',
    },
  ],
});

moduleSpec('TransformerDecoderLayer', {
  make: (options) => new nn.TransformerDecoderLayer(4, 2, { ...parts, normFirst: true, ...options }),
  examples: 1,
  inputs: [
    [3, 2],
    [1, 1],
    [3, 0],
  ].map(([length, batch]) => ({
    operands: [{ shape: [length, batch, 4] }, { shape: [2, batch, 4] }],
  })),
  equals: ({ selfAttn, multiheadAttn, norm1, norm2, norm3, linear1, linear2 }, x, memory) => {
    const own: Tensor = norm1.forward(x);
    const y = x.add(selfAttn.forward(own, own, own, { needWeights: false })[0]);
    const asked = multiheadAttn.forward(norm2.forward(y), memory, memory, { needWeights: false })[0];
    const z: Tensor = y.add(asked);
    return z.add(linear2.forward(linear1.forward(norm3.forward(z)).relu()));
  },
  keepsNothing: false,
  text: [
    'TransformerDecoderLayer(',
    "  activation='relu', normFirst=true",
    ...['self_attn', 'multihead_attn'].flatMap((name) => [
      `  (${name}): MultiheadAttention(`,
      '    embedDim=4, numHeads=2, qProjWeight=null, kProjWeight=null, vProjWeight=null, dropout=0, batchFirst=false, rotaryBase=null',
      '    (out_proj): Linear(inFeatures=4, outFeatures=4)',
      '  )',
    ]),
    '  (linear1): Linear(inFeatures=4, outFeatures=3)',
    "  (dropout): Dropout(p=0, convention='inverted')",
    '  (linear2): Linear(inFeatures=3, outFeatures=4)',
    ...['norm1', 'norm2', 'norm3'].map((name) => `  (${name}): LayerNorm(normalizedShape=[4], eps=0.00001)`),
    ...['dropout1', 'dropout2', 'dropout3'].map((name) => `  (${name}): Dropout(p=0, convention='inverted')`),
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.TransformerDecoderLayer(8, 2, { layerNormEps: 0 }),
      says: 'TransformerDecoderLayer: layerNormEps must be a number > 0; got 0',
    },
  ],
});

it('a Transformer layer takes any function or layer for its activation', () => {
  const make = (activation: 'gelu' | nn.Activation) =>
    new nn.TransformerEncoderLayer(8, 2, { ...small, activation, generator: new Generator(2) });
  const x = randn([2, 5, 8]);
  const wanted = make('gelu').forward(x).data();
  expect(make(new nn.GELU()).forward(x).data()).toEqual(wanted);
  expect(make(gelu).forward(x).data()).toEqual(wanted);
  expect([...make(new nn.Linear(16, 16)).stateDict().keys()]).toContain('activation.weight');
});

it('lecture notes 004, lines 9342–9350: the two linear layers of a block 512 wide have 2,099,712 parameters', () => {
  const { linear1, linear2 } = withoutMemory(() => new nn.TransformerEncoderLayer(512, 8, { dimFeedforward: 512 * 4 }));
  expect([linear1, linear2].flatMap((layer) => layer.parameters()).reduce((sum, { size }) => sum + size, 0)).toBe(
    2_099_712,
  );
});
