import { conv2d, nn, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Conv2d', {
  make: (options) => new nn.Conv2d(2, 3, [2, 1], { ...options, padding: 1, groups: 1 }),
  inputs: [
    [2, 2, 3, 2],
    [1, 2, 4, 4],
    [0, 2, 4, 4],
  ],
  equals: ({ weight, bias }, x) => conv2d(x, weight, bias as Tensor, { padding: 1 }),
  text: 'Conv2d(inChannels=2, outChannels=3, kernelSize=[2, 1], padding=1, groups=1)',
  errors: [
    { call: () => new nn.Conv2d(0, 2, 3), says: 'Conv2d: inChannels must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.Conv2d(1, 2, 0),
      says: 'Conv2d: kernelSize must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
    {
      call: () => new nn.Conv2d(4, 6, 3, { groups: 4 }),
      says: 'Conv2d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
    },
  ],
});

it('Conv2d starts uniform in ±1 / √(fan in)', () => {
  const layer = new nn.Conv2d(4, 100, 5);
  expect(layer.weight.shape).toEqual([100, 4, 5, 5]);
  for (const values of [layer.weight, layer.bias as Tensor]) {
    const largest = Math.max(...(values as Tensor).abs().data());
    expect(largest).toBeLessThanOrEqual(0.1 + 1e-6);
    expect(largest).toBeGreaterThan(0.095);
  }
});
