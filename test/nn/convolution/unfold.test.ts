import { fold, nn, unfold } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Unfold', {
  make: () => new nn.Unfold(2, { padding: 1, stride: 2 }),
  inputs: [
    [2, 2, 2, 3],
    [1, 1, 4],
    [0, 2, 3, 3],
  ],
  equals: (_, x) => unfold(x, 2, { padding: 1, stride: 2 }),
  text: 'Unfold(kernelSize=2, padding=1, stride=2)',
});

moduleSpec('Fold', {
  make: () => new nn.Fold([3, 4], 2),
  inputs: [
    [1, 4, 6],
    [1, 8, 6],
    [0, 4, 6],
  ],
  equals: (_, x) => fold(x, [3, 4], 2),
  text: 'Fold(outputSize=[3, 4], kernelSize=2)',
});
