import { kernel, run } from '../../backend/index.js';
import { isComplex } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import { fromParts, parts, Tensor } from '../../tensor/tensor.js';
import { computeDType } from '../elementwise/elementwise.js';
import { contiguous } from '../shape/contiguous.js';
import { pad } from '../shape/pad.js';
import { reshape } from '../shape/reshape.js';
import { to } from '../shape/to.js';
import type { Track } from './window.js';

/*
 * The windows of sequences, images and volumes beside each other, and their sum. Each has the other as its derivative.
 */

/** The last axes with their padding of zeros. A negative one behind is what no window reaches. */
function surrounded(x: Tensor, axes: readonly Track[]): Tensor {
  const sides = axes.map(({ before, after }) => [before, Math.max(0, after)] as const);
  return sides.every(([before, after]) => before + after === 0) ? x : pad(x, sides);
}

// A sum for every element of a window.
kernel('addWindows', { flops: ([, x]) => sizeOf(x.shape) });

/** [outer, taps, rows, count, inner] → [outer, rows, size, inner]: every window added where it lies, if it does. */
function added(x: Tensor, { size, stride, dilation, before }: Track): Tensor {
  const [outer, , rows, , inner] = x.shape;
  const y: Tensor = empty([outer, rows, size, inner], x.dtype);
  run('addWindows', [y, x], [stride, dilation, before]);
  return y;
}

/**
 * The windows of images [N, C, sizes], one beside the other: [N, C · all taps, all places].
 */
export function unfolded(x: Tensor, axes: readonly Track[]): Tensor {
  const [n, c] = x.shape;
  const { storage, dtype, strides, offset } = surrounded(x.detach(), axes);
  const steps = strides.slice(2);
  const taps = axes.map(({ dilation }, i) => dilation * steps[i]);
  const places = axes.map(({ stride }, i) => stride * steps[i]);
  const shape = [n, c, ...tapsOf(axes), ...countsOf(axes)];
  const view: Tensor = new Tensor(storage, dtype, shape, [strides[0], strides[1], ...taps, ...places], offset);
  const y = reshape(view, [n, c * sizeOf(tapsOf(axes)), sizeOf(countsOf(axes))]);
  return record('unfold', y, [x], [], (dy) => [folded(dy, axes)]);
}

/** [N, C · all taps, all places] → [N, C, sizes]: the windows added, the last axis first. */
export function folded(x: Tensor, axes: readonly Track[]): Tensor {
  const [n, depth] = x.shape;
  const [taps, counts] = [tapsOf(axes), countsOf(axes)];
  const c = depth / sizeOf(taps);
  const sizes = axes.map(({ size }) => size);
  const sum = (windows: Tensor, pairs: number): Tensor =>
    axes.reduceRight((y, along, i) => {
      const [outer, rows] = [n * c * sizeOf(taps.slice(0, i)), sizeOf(counts.slice(0, i))];
      return added(reshape(y, [outer, taps[i], rows, counts[i], sizeOf(sizes.slice(i + 1)) * pairs]), along);
    }, windows);
  const y = inComputed(contiguous(x.detach()), sum);
  return record('fold', reshape(y, [n, c, ...sizes]), [x], [], (dy) => [unfolded(dy, axes)]);
}

const tapsOf = (axes: readonly Track[]): number[] => axes.map(({ taps }) => taps);
const countsOf = (axes: readonly Track[]): number[] => axes.map(({ count }) => count);

/** A sum in the dtype that kernels compute in; of complex numbers of their parts, which are pairs of the last elements. */
function inComputed(x: Tensor, sum: (x: Tensor, pairs: number) => Tensor): Tensor {
  if (!isComplex(x.dtype)) return to(sum(to(x, computeDType(x.dtype)), 1), x.dtype);
  const y = sum(parts(x) as Tensor, 2);
  return fromParts(reshape(y, [y.size / 2, 2]));
}
