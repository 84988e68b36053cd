import { concat, nn, type Tensor, withoutMemory } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

const norm = (name: string, channels: number): string =>
  `(${name}): BatchNorm2d(numFeatures=${channels}, eps=0.00001, momentum=0.1)`;

moduleSpec('DenseBlock', {
  make: (options) => new nn.DenseBlock(2, 1, 2, { bottleneck: 1, ...options }),
  inputs: [
    [2, 1, 3, 2],
    [3, 1, 1, 1],
  ],
  evaluated: [[0, 1, 2, 2]],
  equals: ({ layers: [first, second] }, x) => {
    const y: Tensor = concat([x, first.forward(x)], 1);
    return concat([y, second.forward(y)], 1);
  },
  text: [
    'DenseBlock(',
    '  growthRate=2',
    ...[1, 3].flatMap((channels, i) => [
      `  (layers.${i}): Sequential(`,
      `    ${norm('0', channels)}`,
      '    (1): ReLU()',
      `    (2): Conv2d(inChannels=${channels}, outChannels=2, kernelSize=[1, 1], bias=null, padding=0)`,
      `    ${norm('3', 2)}`,
      '    (4): ReLU()',
      '    (5): Conv2d(inChannels=2, outChannels=2, kernelSize=[3, 3], bias=null, padding=1)',
      '  )',
    ]),
    ')',
  ].join('\n'),
  errors: [
    { call: () => new nn.DenseBlock(0, 1, 2), says: 'DenseBlock: numLayers must be a whole number ≥ 1; got 0' },
    { call: () => new nn.DenseBlock(1, 1, 0), says: 'DenseBlock: growthRate must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.DenseBlock(1, 1, 1, { bottleneck: -1 }),
      says: 'DenseBlock: bottleneck must be a whole number ≥ 0; got -1',
    },
    {
      call: () => new nn.DenseBlock(1, 1, 1, { dropout: 2 }),
      says: 'DenseBlock: dropout must be within 0 … 1; got 2',
    },
  ],
});

moduleSpec('Transition', {
  make: (options) => new nn.Transition(2, 1, options),
  inputs: [
    [2, 2, 4, 2],
    [3, 2, 2, 2],
    [1, 2, 2, 4],
  ],
  evaluated: [[0, 2, 2, 2]],
  equals: ({ norm, relu, conv, pool }, x) => pool.forward(conv.forward(relu.forward(norm.forward(x)))),
  text: [
    'Transition(',
    `  ${norm('norm', 2)}`,
    '  (relu): ReLU()',
    '  (conv): Conv2d(inChannels=2, outChannels=1, kernelSize=[1, 1], bias=null)',
    '  (pool): AvgPool2d(kernelSize=2)',
    ')',
  ].join('\n'),
});

it('a block without bottlenecks has one convolution a layer, and dropout where it is asked for', () => {
  const block = new nn.DenseBlock(1, 3, 5, { bottleneck: 0, dropout: 0.2 });
  expect(block.layers[0].layers.map((layer: nn.Module) => layer.constructor.name)).toEqual([
    'BatchNorm2d',
    'ReLU',
    'Conv2d',
    'Dropout',
  ]);
});

it('DenseNet-121 of these blocks has its number of parameters', () => {
  const net = withoutMemory(() => {
    let channels = 64;
    const blocks = [6, 12, 24, 16].flatMap((depth, i) => {
      const block = new nn.DenseBlock(depth, channels, 32);
      channels += 32 * depth;
      if (i === 3) return [block];
      channels /= 2;
      return [block, new nn.Transition(2 * channels, channels)];
    });
    const stem = [new nn.Conv2d(3, 64, 7, { bias: false }), new nn.BatchNorm2d(64)];
    return new nn.Sequential<readonly nn.Module[]>(
      ...stem,
      ...blocks,
      new nn.BatchNorm2d(1024),
      new nn.Linear(1024, 1000),
    );
  });
  // torchvision's densenet121.
  expect(net.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(7_978_856);
});
