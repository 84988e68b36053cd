import { globalAveragePool2d, ones } from 'adjoint';
import { spec } from '../../harness.js';

spec('globalAveragePool2d', globalAveragePool2d, {
  reference: ([x]) => {
    const [n, c, h, w] = x.shape;
    const data = Array.from({ length: n * c }, (_, i) => x.data.slice(i * h * w, (i + 1) * h * w));
    return { shape: [n, c, 1, 1], data: data.map((plane) => plane.reduce((a, b) => a + b, 0) / (h * w)) };
  },
  samples: [
    [2, 3, 4, 5],
    [1, 1, 1, 1],
    [0, 2, 3, 3],
  ].map((shape) => ({ operands: [{ shape }] })),
  errors: [
    {
      call: () => globalAveragePool2d(ones([3, 4]) as never),
      says: 'globalAveragePool2d: x must have the axes [batch, channels, height, width]; got [3, 4]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});
