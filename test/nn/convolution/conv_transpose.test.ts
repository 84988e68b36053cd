import { convTranspose1d, convTranspose2d, convTranspose3d, nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('ConvTranspose1d', {
  make: (options) => new nn.ConvTranspose1d(2, 2, 2, { ...options, stride: 2, outputPadding: 1, groups: 2 }),
  inputs: [
    [2, 2, 3],
    [1, 2, 2],
    [0, 2, 3],
  ],
  equals: ({ weight, bias }, x) =>
    convTranspose1d(x, weight, bias as Tensor, { stride: 2, outputPadding: 1, groups: 2 }),
  text: 'ConvTranspose1d(inChannels=2, outChannels=2, kernelSize=[2], stride=2, outputPadding=1, groups=2)',
  errors: [
    {
      call: () => new nn.ConvTranspose1d(4, 6, 3, { groups: 4 }),
      says: 'ConvTranspose1d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
    },
    {
      call: () => new nn.ConvTranspose1d(4, 6, 3, { outputPadding: -1 }),
      says: 'ConvTranspose1d: outputPadding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
  ],
});

moduleSpec('ConvTranspose2d', {
  make: (options) => new nn.ConvTranspose2d(2, 2, 2, { ...options, stride: 2, outputPadding: 1, groups: 2 }),
  inputs: [
    [1, 2, 2, 3],
    [1, 2, 3, 2],
    [0, 2, 2, 2],
  ],
  equals: ({ weight, bias }, x) =>
    convTranspose2d(x, weight, bias as Tensor, { stride: 2, outputPadding: 1, groups: 2 }),
  text: 'ConvTranspose2d(inChannels=2, outChannels=2, kernelSize=[2, 2], stride=2, outputPadding=1, groups=2)',
  errors: [
    {
      call: () => new nn.ConvTranspose2d(4, 6, 3, { groups: 4 }),
      says: 'ConvTranspose2d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
    },
    {
      call: () => new nn.ConvTranspose2d(4, 6, 3, { outputPadding: -1 }),
      says: 'ConvTranspose2d: outputPadding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
  ],
});

moduleSpec('ConvTranspose3d', {
  make: (options) => new nn.ConvTranspose3d(2, 2, 2, { ...options, stride: 2, outputPadding: 1, groups: 2 }),
  inputs: [
    [1, 2, 2, 1, 2],
    [1, 2, 1, 2, 3],
    [0, 2, 2, 2, 2],
  ],
  equals: ({ weight, bias }, x) =>
    convTranspose3d(x, weight, bias as Tensor, { stride: 2, outputPadding: 1, groups: 2 }),
  text: 'ConvTranspose3d(inChannels=2, outChannels=2, kernelSize=[2, 2, 2], stride=2, outputPadding=1, groups=2)',
  errors: [
    {
      call: () => new nn.ConvTranspose3d(4, 6, 3, { groups: 4 }),
      says: 'ConvTranspose3d: groups must divide inChannels and outChannels; got 4 for 4 and 6',
    },
    {
      call: () => new nn.ConvTranspose3d(4, 6, 3, { outputPadding: -1 }),
      says: 'ConvTranspose3d: outputPadding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
  ],
});
