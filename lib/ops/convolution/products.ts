import { kernel, run } from '../../backend/index.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { isTracked, record, savedFactors } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { inBfloat16, productNumbers } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { expand } from '../shape/expand.js';
import { reshape } from '../shape/reshape.js';
import { biasFlops, directProducts, winogradFlops } from './flops.js';
import type { Track } from './window.js';

/*
 * The kernels of convolution: those of images. y is linear in x and in w, so each of the three products below has the other
 * two as its derivatives: y = x ∗ w, dx = dy ∗ w with its kernel turned, dw = x ∗ dy.
 */

/** The shapes that belong together and the kernels' numbers. */
export interface Geometry {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly y: readonly number[];
  /** strideH, strideW, padTop, padLeft, dilationH, dilationW, groups; bottom and right padding follow from y's shape. */
  readonly numbers: readonly number[];
  /** Whether Winograd's way is asked for, applies and pays. */
  readonly winograd: boolean;
}

/** The geometry of [N, C, H, W] under [O, C / groups, KH, KW]. */
export function geometry(
  [n, c, o, groups]: readonly [images: number, channels: number, filters: number, groups: number],
  [rows, columns]: readonly Track[],
  winograd = false,
): Geometry {
  const axes = [rows, columns];
  const y = [n, o, ...axes.map(({ count }) => count)];
  const weight = [o, c / groups, ...axes.map(({ taps }) => taps)];
  const numbers = [
    ...axes.map(({ stride }) => stride),
    ...axes.map(({ before }) => before),
    ...axes.map(({ dilation }) => dilation),
    groups,
  ];
  return {
    x: [n, c, rows.size, columns.size],
    weight,
    y,
    numbers,
    winograd: winograd && winogradPays(y, weight, numbers),
  };
}

/**
 * With fewer channels the transforms of the images outweigh the products, with fewer tiles those of the kernels; many
 * kernels are transformed where they are used, in the cache.
 */
function winogradPays([n, o, oh, ow]: readonly number[], [, c, kh, kw]: readonly number[], numbers: readonly number[]) {
  const [strideH, strideW, , , ...dilationAndGroups] = numbers;
  const applies = kh === 3 && kw === 3 && [strideH, strideW, ...dilationAndGroups].every((value) => value === 1);
  const least = Math.min(c, o);
  return applies && least >= 16 && n * Math.ceil(oh / 4) * Math.ceil(ow / 4) >= (least >= 256 ? 32 : 64);
}

const stepsAndPadding = ['strideH', 'strideW', 'padTop', 'padLeft', 'dilationH', 'dilationW', 'groups'];
const numberNames = [...stepsAndPadding, 'epilogue', 'rounds'];
kernel('conv2d', {
  products: ([y, , weight]) => directProducts(y, weight),
  flops: ([y, , weight, ...bias]) => 2 * directProducts(y, weight) + biasFlops(y, bias),
  numbers: numberNames,
});
kernel('conv2dInput', {
  products: ([, dy, weight]) => directProducts(dy, weight),
  flops: ([, dy, weight]) => 2 * directProducts(dy, weight),
});
/** Views: dw, x, dy, or dw, db, x, dy. */
kernel('conv2dWeight', {
  writes: ({ length }) => length - 2,
  flops: (views) => {
    const [dw, dy] = [views[0], views[views.length - 1]];
    return 2 * directProducts(dy, dw) + (views.length > 3 ? sizeOf(dy.shape) : 0);
  },
});
kernel('conv2dWinograd', {
  products: ([y, , weight]) => directProducts(y, weight),
  flops: ([y, x, , ...bias]) => winogradFlops(y, x.shape[1], y.shape[1]) + biasFlops(y, bias),
  numbers: numberNames,
});
kernel('conv2dInputWinograd', { flops: ([dx, dy]) => winogradFlops(dx, dy.shape[1], dx.shape[1]) });

const numbersOf = ({ numbers }: Geometry, { dtype }: Tensor): readonly number[] => [
  ...numbers,
  ...productNumbers(dtype),
];

const kernelOf = <K extends string>(name: K, { winograd }: Geometry, { dtype }: Tensor): K | `${K}Winograd` =>
  winograd && dtype === 'float32' && !inBfloat16(dtype) ? `${name}Winograd` : name;

/** y = x ∗ w + bias */
export function convolve(geometry: Geometry, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = empty(geometry.y, x.dtype);
  run(kernelOf('conv2d', geometry, y), bias ? [y, x, weight, bias] : [y, x, weight], numbersOf(geometry, y));
  const both = bias !== undefined && isTracked(bias) && isTracked(weight);
  return record('conv2d', y, bias ? [x, weight, bias] : [x, weight], savedFactors(x, weight), (dy, [x, weight]) => {
    let db: Tensor | undefined;
    return [
      () => inputProduct(geometry, dy, weight),
      () => {
        if (!both) return weightProduct(geometry, x, dy);
        db = empty([geometry.weight[0]], dy.dtype);
        return weightProduct(geometry, x, dy, db);
      },
      () => db ?? sum(dy, [0, 2, 3]),
    ];
  });
}

/** dx: what every output was made of gets the output's gradient times the weight. */
export function inputProduct(geometry: Geometry, dy: Tensor, weight: Tensor): Tensor {
  const dx = empty(geometry.x, dy.dtype);
  run(kernelOf('conv2dInput', geometry, dx), [dx, dy, weight], numbersOf(geometry, dx));
  return record('conv2dInput', dx, [dy, weight], savedFactors(dy, weight), (ddx, [dy, weight]) => [
    () => convolve(geometry, ddx, weight),
    () => weightProduct(geometry, ddx, dy),
  ]);
}

/** @param db  where the bias' gradient goes, which a first layer's product gives for next to nothing */
function weightProduct(geometry: Geometry, x: Tensor, dy: Tensor, db?: Tensor): Tensor {
  const dw = empty(geometry.weight, dy.dtype);
  run('conv2dWeight', db ? [dw, db, x, dy] : [dw, x, dy], numbersOf(geometry, dw));
  if (db) record('sum', db, [dy], [], (ddb) => [expand(reshape(ddb, [1, db.size, 1, 1]), geometry.y)]);
  return record('conv2dWeight', dw, [x, dy], savedFactors(x, dy), (ddw, [x, dy]) => [
    () => inputProduct(geometry, dy, ddw),
    () => convolve(geometry, x, ddw),
  ]);
}
