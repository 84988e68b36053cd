import { conv1d, conv2d, conv3d, nn, type Tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Conv1d', {
  make: (options) => new nn.Conv1d(2, 4, 2, { ...options, padding: 'causal', groups: 2 }),
  inputs: [
    [2, 2, 3],
    [1, 2, 5],
    [0, 2, 4],
  ],
  equals: ({ weight, bias }, x) => conv1d(x, weight, bias as Tensor, { padding: 'causal', groups: 2 }),
  text: "Conv1d(inChannels=2, outChannels=4, kernelSize=[2], padding='causal', groups=2)",
  errors: [
    {
      call: () => new nn.Conv1d(4, 6, [3, 3] as never),
      says: 'Conv1d: kernelSize must be a whole number ≥ 1 or one of them, [length]; got [3,3]',
    },
  ],
});

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

moduleSpec('Conv3d', {
  make: (options) => new nn.Conv3d(2, 2, [2, 1, 2], { ...options, stride: 2, bias: false }),
  inputs: [
    [1, 2, 3, 2, 2],
    [1, 2, 2, 3, 4],
    [0, 2, 2, 2, 2],
  ],
  equals: ({ weight }, x) => conv3d(x, weight, undefined, { stride: 2 }),
  text: 'Conv3d(inChannels=2, outChannels=2, kernelSize=[2, 1, 2], bias=null, stride=2)',
  errors: [
    {
      call: () => new nn.Conv3d(4, 6, 3, { groups: 4 }),
      says: 'Conv3d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
    },
  ],
});

it.each([
  [() => new nn.Conv1d(4, 60, 9, { groups: 2 }), 1 / Math.sqrt(18)],
  [() => new nn.Conv2d(4, 100, 5), 1 / Math.sqrt(100)],
  [() => new nn.Conv3d(2, 60, 3), 1 / Math.sqrt(54)],
  [() => new nn.ConvTranspose2d(80, 40, 5, { groups: 10 }), 1 / Math.sqrt(100)],
  [() => new nn.LocallyConnected2d(4, 10, 7, 3), 1 / Math.sqrt(36)],
] as const)('starts uniform in ±1 / √(fan in): %#', (make, bound) => {
  const layer = make();
  for (const values of [layer.weight, layer.bias] as Tensor[]) {
    const largest = Math.max(...values.abs().data());
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(0.9 * bound);
  }
});

const count = (layer: nn.Module): number => layer.parameters().reduce((sum, { size }) => sum + size, 0);

// Line 821 prints (K · K · out + 1) · in, which is 1731.
it('lecture notes 000, line 821: (K · K · in + 1) · out parameters, 1792 of 3 × 3 from 3 to 64 channels', () => {
  expect(count(new nn.Conv2d(3, 64, 3))).toBe((3 * 3 * 3 + 1) * 64);
  expect(count(new nn.Conv2d(3, 64, 3))).toBe(1792);
});

it('lecture notes 001, lines 1496–1505: 6 filters of 5 × 5 × 3 make 32 × 32 × 3 28 × 28 × 6, with 456 parameters', () => {
  const layer = new nn.Conv2d(3, 6, 5);
  expect(layer.forward(zeros([1, 3, 32, 32])).shape).toEqual([1, 6, 28, 28]);
  expect(count(layer)).toBe(456);
});

it('lecture notes 001, line 1615: 28 → 24 → 20 → 10 → 6 → 3 → 108 → 256 → 10, with 36,054 parameters', () => {
  const layers = [
    new nn.Conv2d(1, 6, 5),
    new nn.ReLU(),
    new nn.Conv2d(6, 12, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(12, 12, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(108, 256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
    new nn.Softmax(),
  ];
  const net = new nn.Sequential(...layers);
  const names = layers.flatMap((layer, i) => (layer instanceof nn.ReLU ? [] : [`${i}`]));
  const outputs: Record<string, Tensor> = nn.taps(net, names)(zeros([1, 1, 28, 28]));
  expect(names.map((name) => outputs[name].shape)).toEqual([
    [1, 6, 24, 24],
    [1, 12, 20, 20],
    [1, 12, 10, 10],
    [1, 12, 6, 6],
    [1, 12, 3, 3],
    [1, 108],
    [1, 256],
    [1, 10],
    [1, 10],
  ]);
  expect(layers.map(count).filter((parameters) => parameters > 0)).toEqual([156, 1812, 3612, 27904, 2570]);
  expect(count(net)).toBe(36_054);
});
