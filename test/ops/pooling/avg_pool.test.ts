import { avgPool1d, avgPool2d, avgPool3d, ones } from 'adjoint';
import { spec } from '../../harness.js';
import { pooling, poolingSample, poolingSamples } from '../../windows.js';

const mean = pooling((values, places) => values.reduce((a, b) => a + b, 0) / places);
const within = { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false };

spec('avgPool1d', avgPool1d as never, {
  reference: mean,
  samples: [...poolingSamples[1], poolingSample([2, 1, 6], within)],
});

spec('avgPool2d', avgPool2d as never, {
  reference: mean,
  samples: [...poolingSamples[2], poolingSample([2, 2, 5, 6], within)],
  errors: [
    {
      call: () => avgPool2d(ones([1, 1, 4, 4]), { kernelSize: [2, 4], padding: 2 }),
      says: 'avgPool2d: padding must be at most half of the kernel [2, 4], or a window could be empty; got [2, 2]',
    },
  ],
});

spec('avgPool3d', avgPool3d as never, {
  reference: mean,
  samples: [...poolingSamples[3], poolingSample([1, 1, 4, 3, 4], within)],
});
