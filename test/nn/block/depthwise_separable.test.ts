import { nn, relu, withoutMemory } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('DepthwiseSeparable', {
  make: (options) => new nn.DepthwiseSeparable(2, 3, { stride: 2, ...options }),
  inputs: [
    [2, 2, 4, 3],
    [3, 2, 1, 1],
  ],
  evaluated: [[0, 2, 2, 2]],
  equals: ({ depthwise, bn1, pointwise, bn2 }, x) =>
    relu(bn2.forward(pointwise.forward(relu(bn1.forward(depthwise.forward(x)))))),
  text: [
    'DepthwiseSeparable(',
    '  (depthwise): Conv2d(inChannels=2, outChannels=2, kernelSize=[3, 3], bias=null, stride=2, padding=1, groups=2)',
    '  (bn1): BatchNorm2d(numFeatures=2, eps=0.00001, momentum=0.1)',
    '  (pointwise): Conv2d(inChannels=2, outChannels=3, kernelSize=[1, 1], bias=null)',
    '  (bn2): BatchNorm2d(numFeatures=3, eps=0.00001, momentum=0.1)',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.DepthwiseSeparable(1, 1, { stride: 0 }),
      says: 'DepthwiseSeparable: stride must be a whole number ≥ 1; got 0',
    },
  ],
});

it('MobileNet of these blocks has its number of parameters', () => {
  const net = withoutMemory(() => {
    let from = 32;
    const blocks = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024].map((to) => {
      const block = new nn.DepthwiseSeparable(from, to);
      from = to;
      return block;
    });
    const stem = [new nn.Conv2d(3, 32, 3, { bias: false }), new nn.BatchNorm2d(32)];
    return new nn.Sequential<readonly nn.Module[]>(...stem, ...blocks, new nn.Linear(1024, 1000));
  });
  expect(net.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(4_231_976);
});
