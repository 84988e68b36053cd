import { avgPool1d, avgPool2d, avgPool3d, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('AvgPool1d', {
  make: () => new nn.AvgPool1d(2, { stride: 1, padding: 1 }),
  inputs: inputs[1],
  equals: (_, x) => avgPool1d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'AvgPool1d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.AvgPool1d(2, { padding: 2 }),
      says: 'AvgPool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
    {
      call: () => new nn.AvgPool1d(2, { stride: 0 }),
      says: 'AvgPool1d: stride must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('AvgPool2d', {
  make: () => new nn.AvgPool2d([2, 3], { stride: [2, 1], padding: 1, ceilMode: true }),
  inputs: inputs[2],
  equals: (_, x) => avgPool2d(x, { kernelSize: [2, 3], stride: [2, 1], padding: 1, ceilMode: true }),
  text: 'AvgPool2d(kernelSize=[2, 3], stride=[2, 1], padding=1, ceilMode=true)',
  errors: [
    {
      call: () => new nn.AvgPool2d(2, { padding: 2 }),
      says: 'AvgPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => new nn.AvgPool2d(2, { stride: 0 }),
      says: 'AvgPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('AvgPool3d', {
  make: () => new nn.AvgPool3d(2, { stride: 1, padding: 1 }),
  inputs: inputs[3],
  equals: (_, x) => avgPool3d(x, { kernelSize: 2, stride: 1, padding: 1 }),
  text: 'AvgPool3d(kernelSize=2, stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.AvgPool3d(2, { padding: 2 }),
      says: 'AvgPool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
    {
      call: () => new nn.AvgPool3d(2, { stride: 0 }),
      says: 'AvgPool3d: stride must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});
