import { conv1d, conv2d, conv3d, nn } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SeparableConv1d', {
  make: (options) => new nn.SeparableConv1d(2, 3, 2, { ...options, depthMultiplier: 2, padding: 1 }),
  inputs: [
    [2, 2, 3],
    [1, 2, 2],
    [0, 2, 3],
  ],
  equals: (layer, x) => {
    const state: any = Object.fromEntries(layer.stateDict());
    const between = conv1d(x, state['depthwise.weight'], undefined, { groups: 2, padding: 1 });
    return conv1d(between, state['pointwise.weight'], state['pointwise.bias']);
  },
  text: `SeparableConv1d(
  (depthwise): Conv1d(inChannels=2, outChannels=4, kernelSize=[2], bias=null, padding=1, groups=2)
  (pointwise): Conv1d(inChannels=4, outChannels=3, kernelSize=[1])
)`,
  errors: [
    {
      call: () => new nn.SeparableConv1d(2, 3, 3, { depthMultiplier: 0 }),
      says: 'SeparableConv1d: depthMultiplier must be a whole number ≥ 1; got 0',
    },
  ],
});

moduleSpec('SeparableConv2d', {
  make: (options) => new nn.SeparableConv2d(2, 3, 2, { ...options, depthMultiplier: 2, padding: 1 }),
  inputs: [
    [1, 2, 2, 3],
    [1, 2, 3, 2],
    [0, 2, 2, 2],
  ],
  equals: (layer, x) => {
    const state: any = Object.fromEntries(layer.stateDict());
    const between = conv2d(x, state['depthwise.weight'], undefined, { groups: 2, padding: 1 });
    return conv2d(between, state['pointwise.weight'], state['pointwise.bias']);
  },
  text: `SeparableConv2d(
  (depthwise): Conv2d(inChannels=2, outChannels=4, kernelSize=[2, 2], bias=null, padding=1, groups=2)
  (pointwise): Conv2d(inChannels=4, outChannels=3, kernelSize=[1, 1])
)`,
  errors: [
    {
      call: () => new nn.SeparableConv2d(2, 3, 3, { depthMultiplier: 0 }),
      says: 'SeparableConv2d: depthMultiplier must be a whole number ≥ 1; got 0',
    },
  ],
});

moduleSpec('SeparableConv3d', {
  make: (options) => new nn.SeparableConv3d(2, 3, 2, { ...options, depthMultiplier: 2, padding: 1 }),
  inputs: [
    [1, 2, 2, 1, 2],
    [1, 2, 1, 2, 3],
    [0, 2, 2, 2, 2],
  ],
  equals: (layer, x) => {
    const state: any = Object.fromEntries(layer.stateDict());
    const between = conv3d(x, state['depthwise.weight'], undefined, { groups: 2, padding: 1 });
    return conv3d(between, state['pointwise.weight'], state['pointwise.bias']);
  },
  text: `SeparableConv3d(
  (depthwise): Conv3d(inChannels=2, outChannels=4, kernelSize=[2, 2, 2], bias=null, padding=1, groups=2)
  (pointwise): Conv3d(inChannels=4, outChannels=3, kernelSize=[1, 1, 1])
)`,
  errors: [
    {
      call: () => new nn.SeparableConv3d(2, 3, 3, { depthMultiplier: 0 }),
      says: 'SeparableConv3d: depthMultiplier must be a whole number ≥ 1; got 0',
    },
  ],
});

it('lecture notes 000, line 1039: 3 × 3 in two steps needs 1 / channels + 1 / 9 of the weights, an eighth at 72', () => {
  const weights = (layer: nn.Module): number => layer.parameters().reduce((sum, { size }) => sum + size, 0);
  for (const channels of [16, 72, 256]) {
    const [whole, separable] = [nn.Conv2d, nn.SeparableConv2d].map((Kind) =>
      weights(new Kind(channels, channels, 3, { bias: false })),
    );
    expect(separable / whole).toBeCloseTo(1 / channels + 1 / 9, 12);
    if (channels === 72) expect(whole / separable).toBe(8);
  }
});
