import { avgPool2d, globalAveragePool2d, maxPool2d, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

const inputs = [
  [2, 2, 4, 4],
  [1, 1, 5, 4],
  [0, 2, 4, 4],
];

moduleSpec('MaxPool2d', {
  make: () => new nn.MaxPool2d([2, 3], { stride: 1, padding: 1 }),
  inputs,
  equals: (_, x) => maxPool2d(x, { kernelSize: [2, 3], stride: 1, padding: 1 }),
  text: 'MaxPool2d(kernelSize=[2, 3], stride=1, padding=1)',
  errors: [
    {
      call: () => new nn.MaxPool2d(2, { padding: 2 }),
      says: 'MaxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
  ],
});

moduleSpec('AvgPool2d', {
  make: () => new nn.AvgPool2d(2),
  inputs,
  equals: (_, x) => avgPool2d(x, { kernelSize: 2 }),
  text: 'AvgPool2d(kernelSize=2)',
  errors: [
    {
      call: () => new nn.AvgPool2d(2, { stride: 0 }),
      says: 'AvgPool2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
  ],
});

moduleSpec('GlobalAveragePool2d', {
  make: () => new nn.GlobalAveragePool2d(),
  inputs,
  equals: (_, x) => globalAveragePool2d(x),
  text: 'GlobalAveragePool2d()',
});
