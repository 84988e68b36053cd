import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  nn,
} from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('AdaptiveAvgPool1d', {
  make: () => new nn.AdaptiveAvgPool1d(2),
  inputs: inputs[1],
  equals: (_, x) => adaptiveAvgPool1d(x, 2),
  text: 'AdaptiveAvgPool1d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveAvgPool1d(0),
      says: 'AdaptiveAvgPool1d: outputSize must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('AdaptiveAvgPool2d', {
  make: () => new nn.AdaptiveAvgPool2d(2),
  inputs: inputs[2],
  equals: (_, x) => adaptiveAvgPool2d(x, 2),
  text: 'AdaptiveAvgPool2d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveAvgPool2d(0),
      says: 'AdaptiveAvgPool2d: outputSize must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('AdaptiveAvgPool3d', {
  make: () => new nn.AdaptiveAvgPool3d(2),
  inputs: inputs[3],
  equals: (_, x) => adaptiveAvgPool3d(x, 2),
  text: 'AdaptiveAvgPool3d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveAvgPool3d(0),
      says: 'AdaptiveAvgPool3d: outputSize must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});

moduleSpec('AdaptiveMaxPool1d', {
  make: () => new nn.AdaptiveMaxPool1d(2),
  inputs: inputs[1],
  equals: (_, x) => adaptiveMaxPool1d(x, 2),
  text: 'AdaptiveMaxPool1d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveMaxPool1d(0),
      says: 'AdaptiveMaxPool1d: outputSize must be a whole number ≥ 1 or one of them, [length]; got 0',
    },
  ],
});

moduleSpec('AdaptiveMaxPool2d', {
  make: () => new nn.AdaptiveMaxPool2d(2),
  inputs: inputs[2],
  equals: (_, x) => adaptiveMaxPool2d(x, 2),
  text: 'AdaptiveMaxPool2d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveMaxPool2d(0),
      says: 'AdaptiveMaxPool2d: outputSize must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('AdaptiveMaxPool3d', {
  make: () => new nn.AdaptiveMaxPool3d(2),
  inputs: inputs[3],
  equals: (_, x) => adaptiveMaxPool3d(x, 2),
  text: 'AdaptiveMaxPool3d(outputSize=2)',
  errors: [
    {
      call: () => new nn.AdaptiveMaxPool3d(0),
      says: 'AdaptiveMaxPool3d: outputSize must be a whole number ≥ 1 or three of them, [depth, height, width]; got 0',
    },
  ],
});
