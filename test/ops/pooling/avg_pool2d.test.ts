import { avgPool2d, ones } from 'adjoint';
import { spec } from '../../harness.js';
import { pooling, sample, samples } from '../../pooling.js';

spec('avgPool2d', avgPool2d, {
  reference: pooling((values, places) => values.reduce((a, b) => a + b, 0) / places),
  samples: [...samples, sample([2, 2, 5, 6], { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false })],
  errors: [
    {
      call: () => avgPool2d(ones([1, 1, 4, 4]), { kernelSize: [2, 4], padding: 2 }),
      says: 'avgPool2d: padding must be at most half of the kernel [2, 4], or a window could be empty; got [2, 2]',
    },
  ],
});
