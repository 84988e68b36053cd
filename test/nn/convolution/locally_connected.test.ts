import { locallyConnected1d, locallyConnected2d, nn, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LocallyConnected1d', {
  make: (options) => new nn.LocallyConnected1d(2, 3, 4, 2, { ...options, stride: 2 }),
  inputs: [
    [2, 2, 4],
    [1, 2, 4],
    [0, 2, 4],
  ],
  equals: ({ weight, bias }, x) => locallyConnected1d(x, weight, bias as Tensor, { stride: 2 }),
  text: 'LocallyConnected1d(inChannels=2, outChannels=3, inputSize=[4], kernelSize=[2], stride=2)',
  errors: [
    {
      call: () => new nn.LocallyConnected1d(1, 1, 2, 3),
      says: 'LocallyConnected1d: the window [3] is larger than the padded sequence [2] of x [1, 1, 2]; pad more or use a smaller kernel',
    },
  ],
});

moduleSpec('LocallyConnected2d', {
  make: (options) => new nn.LocallyConnected2d(1, 2, [3, 2], 2, { ...options, padding: [1, 0], bias: false }),
  inputs: [
    [2, 1, 3, 2],
    [1, 1, 3, 2],
    [0, 1, 3, 2],
  ],
  equals: ({ weight }, x) => locallyConnected2d(x, weight, undefined, { padding: [1, 0] }),
  text: 'LocallyConnected2d(inChannels=1, outChannels=2, inputSize=[3, 2], kernelSize=[2, 2], bias=null, padding=[1, 0])',
  errors: [
    {
      call: () => new nn.LocallyConnected2d(0, 1, 2, 3),
      says: 'LocallyConnected2d: inChannels must be a whole number ≥ 1; got 0',
    },
  ],
});

it('lecture notes 000, line 964: 10 parameters of a convolution, 26 of a whole connection, in between of local ones', () => {
  const count = (layer: nn.Module): number => layer.parameters().reduce((sum, { size }) => sum + size, 0);
  expect(count(new nn.Conv2d(1, 1, 3))).toBe(10);
  expect(count(new nn.Linear(25, 1))).toBe(26);
  expect(count(new nn.LocallyConnected2d(1, 1, 5, 3))).toBe(9 * 9 + 9);
});
