import { nn, ones } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

const inputs = [
  [2, 3],
  [1, 3],
  [0, 3],
];

moduleSpec('Residual', {
  make: (options) => new nn.Residual(new nn.Sequential(new nn.Linear(3, 3, options), new nn.Tanh())),
  inputs,
  equals: ({ branch }, x) => branch.forward(x).add(x),
  text: [
    'Residual(',
    '  shortcut=null',
    '  (branch): Sequential(',
    '    (0): Linear(inFeatures=3, outFeatures=3)',
    '    (1): Tanh()',
    '  )',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.Residual(new nn.Linear(3, 4)).forward(ones([2, 3])),
      says: 'Residual: branch and shortcut must give one shape; got [2, 4] and [2, 3]; give a shortcut that maps x',
    },
  ],
});

moduleSpec('Residual with a shortcut', {
  make: (options) => new nn.Residual(new nn.Linear(3, 2, options), new nn.Linear(3, 2, { ...options, bias: false })),
  inputs,
  equals: ({ branch, shortcut }, x) => branch.forward(x).add(shortcut?.forward(x)),
  text: [
    'Residual(',
    '  (branch): Linear(inFeatures=3, outFeatures=2)',
    '  (shortcut): Linear(inFeatures=3, outFeatures=2, bias=null)',
    ')',
  ].join('\n'),
});
