import { nn, relu, type Tensor, withoutMemory } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

const norm = (name: string, channels: number): string =>
  `  (${name}): BatchNorm2d(numFeatures=${channels}, eps=0.00001, momentum=0.1)`;

moduleSpec('ResidualBlock', {
  make: (options) => new nn.ResidualBlock(1, 2, { stride: 2, ...options }),
  inputs: [
    [2, 1, 2, 2],
    [3, 1, 1, 1],
  ],
  evaluated: [[0, 1, 4, 4]],
  equals: ({ conv1, bn1, conv2, bn2, downsample }, x) => {
    const y: Tensor = bn2.forward(conv2.forward(relu(bn1.forward(conv1.forward(x)))));
    return relu(y.add(downsample?.forward(x) as Tensor));
  },
  text: [
    'ResidualBlock(',
    '  (conv1): Conv2d(inChannels=1, outChannels=2, kernelSize=[3, 3], bias=null, stride=2, padding=1)',
    norm('bn1', 2),
    '  (conv2): Conv2d(inChannels=2, outChannels=2, kernelSize=[3, 3], bias=null, stride=1, padding=1)',
    norm('bn2', 2),
    '  (downsample): Sequential(',
    '    (0): Conv2d(inChannels=1, outChannels=2, kernelSize=[1, 1], bias=null, stride=2, padding=0)',
    `  ${norm('1', 2)}`,
    '  )',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.ResidualBlock(1, 2, { stride: 0 }),
      says: 'ResidualBlock: stride must be a whole number ≥ 1; got 0',
    },
  ],
});

moduleSpec('Bottleneck', {
  make: (options) => new nn.Bottleneck(4, 1, options),
  inputs: [
    [2, 4, 1, 2],
    [3, 4, 1, 1],
  ],
  evaluated: [[0, 4, 2, 2]],
  equals: ({ conv1, bn1, conv2, bn2, conv3, bn3 }, x) => {
    const hidden: Tensor = relu(bn2.forward(conv2.forward(relu(bn1.forward(conv1.forward(x))))));
    return relu(bn3.forward(conv3.forward(hidden)).add(x));
  },
  text: [
    'Bottleneck(',
    '  downsample=null',
    '  (conv1): Conv2d(inChannels=4, outChannels=1, kernelSize=[1, 1], bias=null, stride=1, padding=0)',
    norm('bn1', 1),
    '  (conv2): Conv2d(inChannels=1, outChannels=1, kernelSize=[3, 3], bias=null, stride=1, padding=1)',
    norm('bn2', 1),
    '  (conv3): Conv2d(inChannels=1, outChannels=4, kernelSize=[1, 1], bias=null, stride=1, padding=0)',
    norm('bn3', 4),
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.Bottleneck(1, 2, { stride: -1 }),
      says: 'Bottleneck: stride must be a whole number ≥ 1; got -1',
    },
  ],
});

it.each([
  ['18', nn.ResidualBlock, [2, 2, 2, 2], 1, 11_173_962],
  ['34', nn.ResidualBlock, [3, 4, 6, 3], 1, 21_282_122],
  ['50', nn.Bottleneck, [3, 4, 6, 3], 4, 23_520_842],
  ['101', nn.Bottleneck, [3, 4, 23, 3], 4, 42_512_970],
  ['152', nn.Bottleneck, [3, 8, 36, 3], 4, 58_156_618],
] as const)(
  'ResNet-%s of these blocks has its number of parameters: lecture notes 004, lines 5299–5303',
  (_, Block, depths, expansion, count) => {
    const net = withoutMemory(() => {
      let from = 64;
      const blocks = depths.flatMap((depth, stage) =>
        Array.from({ length: depth }, (_, i) => {
          const block = new Block(from, 64 * 2 ** stage, { stride: stage > 0 && i === 0 ? 2 : 1 });
          from = expansion * 64 * 2 ** stage;
          return block;
        }),
      );
      const stem = [new nn.Conv2d(3, 64, 3, { padding: 1, bias: false }), new nn.BatchNorm2d(64)];
      return new nn.Sequential<readonly nn.Module[]>(...stem, ...blocks, new nn.Linear(from, 10));
    });
    expect(net.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(count);
  },
);
