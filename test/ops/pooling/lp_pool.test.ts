import { lpPool1d, lpPool2d, lpPool3d, ones } from 'adjoint';
import { type Sample, spec } from '../../harness.js';
import { type PoolingOptions, pooling } from '../../windows.js';

interface Options extends PoolingOptions {
  normType: number;
}
const norm = (x: never, options: Options) =>
  pooling((values) => values.reduce((sum, value) => sum + value ** options.normType, 0) ** (1 / options.normType))(
    x,
    options,
  );
const sample = (shape: number[], options: Options): Sample => ({
  operands: [{ shape, range: [0.5, 2] }],
  args: [options],
});

spec('lpPool1d', lpPool1d as never, {
  reference: norm as never,
  samples: [
    sample([2, 2, 5], { normType: 2, kernelSize: 2, stride: 1 }),
    sample([1, 1, 4], { normType: 1, kernelSize: 2 }),
  ],
});
spec('lpPool2d', lpPool2d as never, {
  reference: norm as never,
  samples: [
    sample([1, 2, 4, 4], { normType: 2, kernelSize: 2 }),
    sample([1, 1, 5, 4], { normType: 3, kernelSize: [3, 2], stride: 1 }),
  ],
  errors: [
    {
      call: () => lpPool2d(ones([1, 1, 4, 4]), { normType: 0, kernelSize: 2 }),
      says: 'lpPool2d: normType must be a number > 0; got 0',
    },
  ],
});
spec('lpPool3d', lpPool3d as never, {
  reference: norm as never,
  samples: [sample([1, 1, 2, 3, 2], { normType: 2, kernelSize: 2, stride: 1 })],
});
