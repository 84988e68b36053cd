import {
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
  ones,
} from 'adjoint';
import { type Plain, spec } from '../../harness.js';

const pooling =
  (f: (values: number[]) => number) =>
  ([x]: Plain[]): Plain => {
    const [n, c, ...sizes] = x.shape;
    const size = sizes.reduce((product, d) => product * d, 1);
    const data = Array.from({ length: n * c }, (_, i) => f(x.data.slice(i * size, (i + 1) * size)));
    return { shape: [n, c, ...sizes.map(() => 1)], data };
  };
const average = pooling((values) => values.reduce((a, b) => a + b, 0) / values.length);
const largest = pooling((values) => Math.max(...values));

const samples = (...shapes: number[][]) => shapes.map((shape) => ({ operands: [{ shape }] }));
const [sequences, images, volumes] = [
  samples([2, 3, 5], [1, 1, 1], [0, 2, 3]),
  samples([2, 3, 4, 5], [1, 1, 1, 1], [1, 1, 2, 3], [0, 2, 3, 3]),
  samples([2, 1, 2, 3, 2], [1, 1, 1, 1, 1], [0, 2, 3, 3, 3]),
];

spec('globalAveragePool1d', globalAveragePool1d as never, { reference: average, samples: sequences });
spec('globalAveragePool2d', globalAveragePool2d as never, {
  reference: average,
  samples: images,
  errors: [
    {
      call: () => globalAveragePool2d(ones([3, 4]) as never),
      says: 'globalAveragePool2d: x must have the axes [batch, channels, height, width]; got [3, 4]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});
spec('globalAveragePool3d', globalAveragePool3d as never, { reference: average, samples: volumes });
spec('globalMaxPool1d', globalMaxPool1d as never, {
  reference: largest,
  samples: sequences,
  errors: [
    {
      call: () => globalMaxPool1d(ones([2, 3, 0])),
      says: 'globalMaxPool1d: bins need elements; got x [2, 3, 0]',
    },
  ],
});
spec('globalMaxPool2d', globalMaxPool2d as never, { reference: largest, samples: images });
spec('globalMaxPool3d', globalMaxPool3d as never, { reference: largest, samples: volumes });
