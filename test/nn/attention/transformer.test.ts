import { capture, Generator, nn, noGrad, ones, randn, seed, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../../harness.js';
import { type Made, moduleSpec } from '../../module_spec.js';

const close = (actual: Tensor, expected: Tensor): void =>
  expectClose(actual, { shape: [...expected.shape], data: [...expected.data()].map(Number) }, { slack: 20 });

const tiny = { dimFeedforward: 3, dropout: 0 };
const layerText = (name: string, module: nn.Module): string => `(${name}): ${module}`.replaceAll('\n', '\n    ');

describe.each(engines)('A stack on $name', ({ use }) => {
  const options = { dimFeedforward: 16, dropout: 0, batchFirst: true, normFirst: true };

  it.each([null, 100])('of encoder layers continues a text from its cache, with rotary base %s', (rotaryBase) => {
    use();
    seed(1);
    const stack = new nn.TransformerEncoder(
      () => new nn.TransformerEncoderLayer(8, 2, { ...options, rotaryBase }),
      2,
      new nn.LayerNorm(8),
    );
    const x = randn([2, 6, 8]);
    noGrad(() => {
      const wanted = stack.forward(x, { causal: true });
      const cache = stack.newCache(2, 7);
      const step = capture((next: Tensor): Tensor => stack.forward(next, { cache }));
      // All at once, then twice one at a time: recorded, and replayed.
      const parts = [stack.forward(x.slice(null, [0, 2]), { cache })];
      for (let at = 2; at < 6; at++) parts.push(step(x.slice(null, [at, at + 1])));
      expect(cache.map(({ length }) => length)).toEqual([6, 6]);
      parts.forEach((part, i) => {
        close(part, i === 0 ? wanted.slice(null, [0, 2]) : wanted.slice(null, [i + 1, i + 2]));
      });
      for (const each of cache) each.clear();
      close(stack.forward(x, { cache }), wanted);
      step(x.slice(null, [0, 1]));
      expect(() => step(x.slice(null, [0, 1]))).toThrow(
        'KeyValueCache: there is room for 7 positions; got 7 and 1 more; make it larger, or clear() it',
      );
    });
    const cache = stack.newCache(2, 7);
    expect(() => stack.forward(x, { cache })).toThrow(
      'KeyValueCache: what it keeps has no history; got keys with one; decode within noGrad',
    );
  });

  it('of decoder layers does so too, and projects the memory once', () => {
    use();
    seed(1);
    const stack = new nn.TransformerDecoder(() => new nn.TransformerDecoderLayer(8, 2, options), 2);
    const [x, memory] = [randn([2, 4, 8]), randn([2, 3, 8])];
    const keyPaddingMask = tensor([
      [false, false, false],
      [false, true, false],
    ]);
    noGrad(() => {
      const masks = { memory: { keyPaddingMask } };
      const wanted = stack.forward(x, memory, { self: { causal: true }, ...masks });
      const cache = stack.newCache(memory, 4);
      const step = capture((next: Tensor): Tensor => stack.forward(next, memory, { ...masks, cache }));
      for (let at = 0; at < 4; at++) close(step(x.slice(null, [at, at + 1])), wanted.slice(null, [at, at + 1]));
    });
  });

  it('hides padding at the beginning of a cached text', () => {
    use();
    seed(2);
    const layer = new nn.TransformerEncoderLayer(8, 2, options);
    const x = randn([1, 4, 8]);
    const keyPaddingMask = tensor([[true, false, false, false, false]]);
    noGrad(() => {
      const cache = layer.selfAttn.newCache(1, 5);
      const y = layer.forward(x, { cache, keyPaddingMask });
      close(y.slice(null, [1]), layer.forward(x.slice(null, [1]), { causal: true }));
    });
  });
});

moduleSpec('TransformerEncoder', {
  make: (options) =>
    new nn.TransformerEncoder(
      () => new nn.TransformerEncoderLayer(2, 1, { ...tiny, ...options }),
      2,
      new nn.LayerNorm(2, options),
    ),
  examples: 1,
  inputs: [
    [3, 2, 2],
    [1, 1, 2],
    [3, 0, 2],
  ],
  equals: ({ layers: [first, second], norm }, x) => norm?.forward(second.forward(first.forward(x))),
  text: [
    'TransformerEncoder(',
    ...[0, 1].map((i) => `  ${layerText(`layers.${i}`, new nn.TransformerEncoderLayer(2, 1, tiny))}`),
    `  ${layerText('norm', new nn.LayerNorm(2))}`,
    ')',
  ]
    .join('\n')
    .replaceAll('\n    ', '\n  '),
  errors: [
    {
      call: () => new nn.TransformerEncoder(() => new nn.TransformerEncoderLayer(2, 1), 0),
      says: 'TransformerEncoder: numLayers must be a whole number ≥ 1; got 0',
    },
    {
      call: () => new nn.TransformerEncoder(new nn.TransformerEncoderLayer(2, 1, tiny) as never, 2),
      says: 'TransformerEncoder: layer must be a function that makes one; got object; write () => …',
    },
  ],
});

const pair = (length: number, batch: number) => ({
  operands: [{ shape: [length, batch, 2] }, { shape: [2, batch, 2] }],
});

moduleSpec('TransformerDecoder', {
  make: (options) => new nn.TransformerDecoder(() => new nn.TransformerDecoderLayer(2, 1, { ...tiny, ...options }), 1),
  examples: 1,
  inputs: [pair(3, 2), pair(1, 1), pair(3, 0)],
  equals: ({ layers: [layer] }, x, memory) => layer.forward(x, memory),
  keepsNothing: false,
  text: [
    'TransformerDecoder(',
    '  norm=null',
    `  ${layerText('layers.0', new nn.TransformerDecoderLayer(2, 1, tiny))}`,
    ')',
  ]
    .join('\n')
    .replaceAll('\n    ', '\n  '),
});

const whole = (options: Partial<Made> = {}): nn.Transformer =>
  new nn.Transformer({ dModel: 2, nhead: 1, numEncoderLayers: 1, numDecoderLayers: 1, ...tiny, ...options });

moduleSpec('Transformer', {
  make: whole,
  examples: 1,
  inputs: [pair(3, 2), pair(1, 1), pair(3, 0)],
  equals: ({ encoder, decoder }, source, target) => decoder.forward(target, encoder.forward(source)),
  keepsNothing: false,
  text: `Transformer(\n  ${`(encoder): ${whole().encoder}\n(decoder): ${whole().decoder}`.replaceAll('\n', '\n  ')}\n)`,
});

it('a Transformer starts by Glorot, and has the sizes of the paper', () => {
  const layer = new nn.Transformer({
    dModel: 16,
    nhead: 2,
    numEncoderLayers: 1,
    numDecoderLayers: 1,
    generator: new Generator(1),
  });
  const bound = Math.sqrt(6 / (16 + 2048));
  const largest = layer.encoder.layers[0].linear1.weight.abs().max().item();
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.99 * bound);
  expect(layer.decoder.layers[0].linear2.bias?.shape).toEqual([16]);
  const masks = { source: { keyPaddingMask: ones([1, 2]).ne(1) }, target: { causal: true } };
  expect(layer.forward(randn([2, 1, 16]), randn([3, 1, 16]), masks).shape).toEqual([3, 1, 16]);
});
