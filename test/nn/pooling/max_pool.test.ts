import { maxPool1d, maxPool2d, maxPool3d, minPool1d, minPool2d, minPool3d, nn, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('MaxPool1d', {
  make: () => new nn.MaxPool1d(2, { stride: 1, padding: 1 }),
  inputs: inputs[1],
  equals: (_, x) => maxPool1d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MaxPool1d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MaxPool1d(2, { padding: 2 }),
      says: 'MaxPool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
    {
      call: () => new nn.MaxPool1d(2, { stride: 0 }),
      says: 'MaxPool1d: stride must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('MaxPool2d', {
  make: () => new nn.MaxPool2d([2, 3], { stride: [2, 1], padding: 1, ceilMode: true }),
  inputs: inputs[2],
  equals: (_, x) => maxPool2d(x, { kernelSize: [2, 3], stride: [2, 1], padding: 1, ceilMode: true }),
  text: 'MaxPool2d(kernelSize=[2, 3], stride=[2, 1], padding=1, ceilMode=true)',
  errors: [
    {
      call: () => new nn.MaxPool2d(2, { padding: 2 }),
      says: 'MaxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => new nn.MaxPool2d(2, { stride: 0 }),
      says: 'MaxPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('MaxPool3d', {
  make: () => new nn.MaxPool3d(2, { stride: 1, padding: 1 }),
  inputs: inputs[3],
  equals: (_, x) => maxPool3d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MaxPool3d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MaxPool3d(2, { padding: 2 }),
      says: 'MaxPool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
    {
      call: () => new nn.MaxPool3d(2, { stride: 0 }),
      says: 'MaxPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});

moduleSpec('MinPool1d', {
  make: () => new nn.MinPool1d(2, { stride: 1, padding: 1 }),
  inputs: inputs[1],
  equals: (_, x) => minPool1d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MinPool1d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MinPool1d(2, { padding: 2 }),
      says: 'MinPool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
    {
      call: () => new nn.MinPool1d(2, { stride: 0 }),
      says: 'MinPool1d: stride must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('MinPool2d', {
  make: () => new nn.MinPool2d([2, 3], { stride: [2, 1], padding: 1, ceilMode: true }),
  inputs: inputs[2],
  equals: (_, x) => minPool2d(x, { kernelSize: [2, 3], stride: [2, 1], padding: 1, ceilMode: true }),
  text: 'MinPool2d(kernelSize=[2, 3], stride=[2, 1], padding=1, ceilMode=true)',
  errors: [
    {
      call: () => new nn.MinPool2d(2, { padding: 2 }),
      says: 'MinPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => new nn.MinPool2d(2, { stride: 0 }),
      says: 'MinPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('MinPool3d', {
  make: () => new nn.MinPool3d(2, { stride: 1, padding: 1 }),
  inputs: inputs[3],
  equals: (_, x) => minPool3d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'MinPool3d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MinPool3d(2, { padding: 2 }),
      says: 'MinPool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
    {
      call: () => new nn.MinPool3d(2, { stride: 0 }),
      says: 'MinPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});

it('C, Example 3.1, L354-364: 36 × 36 × 3 → 26 × 26 × 9 → 12 × 12 × 9', () => {
  const net = new nn.Sequential(new nn.Conv2d(3, 9, 11), new nn.MaxPool2d(3, { stride: 2 }));
  expect(net.forward(zeros([1, 3, 36, 36])).shape).toEqual([1, 9, 12, 12]);
  expect(net.parameters().reduce((count, { size }) => count + size, 0)).toBe(3276);
});
