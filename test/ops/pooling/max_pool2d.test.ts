import { maxPool2d, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { pooling, sample, samples } from '../../pooling.js';

spec('maxPool2d', maxPool2d, {
  reference: pooling((values) => Math.max(...values)),
  samples: [...samples, sample([1, 2, 8, 8], { kernelSize: 3, stride: 1, padding: 1, dilation: 2 })],
  errors: [
    {
      call: () => maxPool2d(ones([1, 1, 1, 1]).expand([1, 1, 2 ** 16, 2 ** 16]), { kernelSize: 2 ** 15 }),
      says: 'maxPool2d: positions are int32, so there must be at most 2147483648 of them; got 4294967296; split the input',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 2, padding: 2 }),
      says: 'maxPool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 5 }),
      says: 'maxPool2d: the window [5, 5] is larger than the padded image [4, 4] of x [1, 1, 4, 4]; pad more or use a smaller kernel',
    },
    {
      call: () => maxPool2d(ones([1, 1, 4, 4]), { kernelSize: 1.5 }),
      says: 'maxPool2d: kernelSize must be a whole number ≥ 1 or two of them, [height, width]; got 1.5',
    },
  ],
});

it('sends the gradient of equal maxima to the first, and passes NaN on', () => {
  const x = ones([1, 1, 2, 2]).requireGrad();
  maxPool2d(x, { kernelSize: 2 }).sum().backward();
  expect(x.grad?.data()).toEqual(new Float32Array([1, 0, 0, 0]));
  expect(maxPool2d(tensor([[[[1, NaN]]]]), { kernelSize: [1, 2] }).item()).toBeNaN();
});
