import { maxUnpool1d, maxUnpool2d, maxUnpool3d, nn } from 'adjoint';
import type { Sample } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

/** Maxima of windows of 2 along every axis, each the first of its window, for a result of `outputSize`. */
const sample = (shape: number[], outputSize?: number[]): Sample => {
  const sizes = outputSize ?? shape.slice(2).map((size) => 2 * size);
  const positions = shape.slice(2).reduce((product, size) => product * size, 1);
  const first = Array.from({ length: positions }, (_, flat) => {
    let [rest, stride, at] = [flat, 1, 0];
    for (let a = sizes.length - 1; a >= 0; a--) {
      at += 2 * (rest % shape[2 + a]) * stride;
      rest = Math.floor(rest / shape[2 + a]);
      stride *= sizes[a];
    }
    return at;
  });
  const values = Array.from({ length: shape[0] * shape[1] }, () => first).flat();
  return { operands: [{ shape }, { shape, dtype: 'int32', values }], args: outputSize ? [outputSize] : [] };
};

moduleSpec('MaxUnpool1d', {
  make: () => new nn.MaxUnpool1d(2),
  inputs: [sample([2, 2, 3]), sample([1, 1, 2], [5]), sample([0, 2, 2])],
  equals: (_, x, indices, outputSize) => maxUnpool1d(x, indices, { kernelSize: 2, ...(outputSize && { outputSize }) }),
  text: 'MaxUnpool1d(kernelSize=2)',
  errors: [
    {
      call: () => new nn.MaxUnpool1d(2, { padding: 2 }),
      says: 'MaxUnpool1d: padding must be at most half of the kernel [2], or a window could be empty; got [2]',
    },
  ],
});

moduleSpec('MaxUnpool2d', {
  make: () => new nn.MaxUnpool2d(2),
  inputs: [sample([1, 2, 2, 3]), sample([1, 1, 2, 2], [5, 4]), sample([0, 2, 2, 2])],
  equals: (_, x, indices, outputSize) => maxUnpool2d(x, indices, { kernelSize: 2, ...(outputSize && { outputSize }) }),
  text: 'MaxUnpool2d(kernelSize=2)',
  errors: [
    {
      call: () => new nn.MaxUnpool2d(2, { padding: 2 }),
      says: 'MaxUnpool2d: padding must be at most half of the kernel [2, 2], or a window could be empty; got [2, 2]',
    },
  ],
});

moduleSpec('MaxUnpool3d', {
  make: () => new nn.MaxUnpool3d(2),
  inputs: [sample([1, 2, 1, 2, 2]), sample([1, 1, 2, 1, 2], [5, 2, 4]), sample([0, 2, 2, 2, 2])],
  equals: (_, x, indices, outputSize) => maxUnpool3d(x, indices, { kernelSize: 2, ...(outputSize && { outputSize }) }),
  text: 'MaxUnpool3d(kernelSize=2)',
  errors: [
    {
      call: () => new nn.MaxUnpool3d(2, { padding: 2 }),
      says: 'MaxUnpool3d: padding must be at most half of the kernel [2, 2, 2], or a window could be empty; got [2, 2, 2]',
    },
  ],
});
