import { groupedSoftmax, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GroupedSoftmax', {
  make: () => new nn.GroupedSoftmax([2, 1]),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: (_, x) => groupedSoftmax(x, [2, 1]),
  text: 'GroupedSoftmax(sizes=[2, 1], axis=-1)',
});
