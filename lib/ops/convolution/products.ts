import { kernel, run } from '../../backend/index.js';
import { sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { isTracked, record, savedFactors } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { inBfloat16, productNumbers } from '../precision.js';
import { sum } from '../reduction/sum.js';
import { expand } from '../shape/expand.js';
import { reshape } from '../shape/reshape.js';
import { biasFlops, directProducts, planesOf, winogradFlops, winogradTiles } from './flops.js';
import type { Track } from './window.js';

/*
 * The kernels of convolution, of images and of volumes. y is linear in x and in w, so each of the three products below
 * has the other two as its derivatives: y = x ∗ w, dx = dy ∗ w with its kernel turned, dw = x ∗ dy.
 */

/** The shapes that belong together and the kernels' numbers. */
export interface Geometry {
  readonly x: readonly number[];
  readonly weight: readonly number[];
  readonly y: readonly number[];
  /** strideH, strideW, padTop, padLeft, dilationH, dilationW, groups; bottom and right padding follow from y's shape. */
  readonly numbers: readonly number[];
  /** Of volumes strideD, padFront, dilationD. */
  readonly depth: readonly number[];
  /** Whether Winograd's way is asked for, applies and pays. */
  readonly winograd: boolean;
}

/** The geometry of [N, C, H, W] under [O, C / groups, KH, KW], or of [N, C, D, H, W] under [O, C / groups, KD, KH, KW]. */
export function geometry(
  [n, c, o, groups]: readonly [images: number, channels: number, filters: number, groups: number],
  axes: readonly Track[],
  winograd = false,
): Geometry {
  const plane = axes.slice(-2);
  const y = [n, o, ...axes.map(({ count }) => count)];
  const weight = [o, c / groups, ...axes.map(({ taps }) => taps)];
  const numbers = [
    ...plane.map(({ stride }) => stride),
    ...plane.map(({ before }) => before),
    ...plane.map(({ dilation }) => dilation),
    groups,
  ];
  const depth = axes.slice(0, -2).flatMap(({ stride, before, dilation }) => [stride, before, dilation]);
  return {
    x: [n, c, ...axes.map(({ size }) => size)],
    weight,
    y,
    numbers,
    depth,
    winograd: winograd && winogradPays(y, weight, numbers, depth),
  };
}

/**
 * With fewer channels the transforms of the images outweigh the products, with fewer tiles those of the kernels; many
 * kernels are transformed where they are used, in the cache.
 */
function winogradPays(
  y: readonly number[],
  [, c, ...taps]: readonly number[],
  [strideH, strideW, , , ...dilationAndGroups]: readonly number[],
  [strideD = 1]: readonly number[],
): boolean {
  const [kh, kw] = taps.slice(-2);
  const ones = [strideD, strideH, strideW, ...dilationAndGroups];
  const least = Math.min(c * sizeOf(taps.slice(0, -2)), y[1]);
  return (
    kh === 3 && kw === 3 && ones.every((n) => n === 1) && least >= 16 && winogradTiles(y) >= (least >= 256 ? 32 : 64)
  );
}

const stepsAndPadding = ['strideH', 'strideW', 'padTop', 'padLeft', 'dilationH', 'dilationW', 'groups'];
const numberNames = [...stepsAndPadding, 'epilogue', 'rounds', 'strideD', 'padFront', 'dilationD'];
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
  flops: ([y, , weight, ...bias]) => winogradFlops(y, planesOf(weight), y.shape[1]) + biasFlops(y, bias),
  numbers: numberNames,
});
kernel('conv2dInputWinograd', {
  flops: ([dx, dy, weight]) => winogradFlops(dx, (dy.shape[1] * planesOf(weight)) / weight.shape[1], dx.shape[1]),
});

const numbersOf = ({ numbers, depth }: Geometry, { dtype }: Tensor): readonly number[] =>
  depth.length === 0 ? [...numbers, ...productNumbers(dtype)] : [...numbers, 0, inBfloat16(dtype) ? 1 : 0, ...depth];

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
      () => db ?? sum(dy, geometry.y.length === 4 ? [0, 2, 3] : [0, 2, 3, 4]),
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
  if (db) {
    const kept = [db.size, ...geometry.y.slice(2).fill(1)];
    record('sum', db, [dy], [], (ddb) => [expand(reshape(ddb, kept), geometry.y)]);
  }
  return record('conv2dWeight', dw, [x, dy], savedFactors(x, dy), (ddw, [x, dy]) => [
    () => inputProduct(geometry, dy, ddw),
    () => convolve(geometry, x, ddw),
  ]);
}
