import { sizeOf } from '../../core/shape.js';
import type { View } from '../backend.js';
import { gemm, type Matrix, transposed } from './gemm.js';
import { read, rounded, write } from './loops.js';

// Convolution as products with the matrix of patches (im2col; Chellapilla, Puri, Simard 2006), one image and group at a time.
// y [N, O, OH, OW], x [N, C, H, W], w [O, C / groups, KH, KW]; volumes have a depth in front of the height.

/** Positions in x of the patches' elements: row p of the matrix is an element of the window, column j an output. */
interface Patches {
  /** Elements of a window. */
  readonly depth: number;
  /** Outputs of an image. */
  readonly outputs: number;
  /** Position relative to the group's first plane, or −1 where the window reaches into the padding. */
  readonly positions: Int32Array;
}

/** The three spatial sizes of images or volumes; an image has one plane. */
const spatial = ({ shape }: View): number[] => (shape.length === 5 ? shape.slice(2) : [1, ...shape.slice(2)]);

function patchesOf(x: View, y: View, w: View, numbers: readonly number[]): Patches {
  const [strideH, strideW, padTop, padLeft, dilationH, dilationW] = numbers;
  const [strideD, padFront, dilationD] = y.shape.length === 5 ? numbers.slice(9) : [1, 0, 1];
  const [depth, height, width] = spatial(x);
  const [planes, rows, columns] = spatial(y);
  const [kernelD, kernelH, kernelW] = spatial(w);
  const channels = w.shape[1];
  const outputs = planes * rows * columns;
  const window = channels * kernelD * kernelH * kernelW;
  const positions = new Int32Array(window * outputs);
  let at = 0;
  for (let p = 0; p < window; p++) {
    const kw = p % kernelW;
    const kh = Math.floor(p / kernelW) % kernelH;
    const kd = Math.floor(p / kernelW / kernelH) % kernelD;
    const c = Math.floor(p / kernelW / kernelH / kernelD);
    for (let k = 0; k < planes; k++) {
      const plane = k * strideD - padFront + kd * dilationD;
      for (let i = 0; i < rows; i++) {
        const row = i * strideH - padTop + kh * dilationH;
        for (let j = 0; j < columns; j++) {
          const column = j * strideW - padLeft + kw * dilationW;
          const inPlane = row >= 0 && row < height && column >= 0 && column < width;
          const inside = inPlane && plane >= 0 && plane < depth;
          positions[at++] = inside ? ((c * depth + plane) * height + row) * width + column : -1;
        }
      }
    }
  }
  return { depth: window, outputs, positions };
}

/** An operand's row-major values, rounded to bfloat16 where the call's number 8 is 1. */
const dense = (view: View, numbers: readonly number[]): Float64Array =>
  Float64Array.from(read(numbers[8] === 1 ? rounded(view) : view));

/** A row-major matrix within an array. */
const rowMajor = (data: Float64Array, offset: number, columns: number): Matrix => ({
  data,
  offset,
  row: columns,
  column: 1,
});

/** Calls body with the starts of every image's and group's planes in y, planes in x, and filters in w. */
function forGroups(
  y: View,
  x: View,
  w: View,
  groups: number,
  body: (y: number, x: number, w: number, group: number) => void,
) {
  const plane = sizeOf(y.shape.slice(1)) / groups;
  const image = sizeOf(x.shape.slice(1)) / groups;
  const filters = sizeOf(w.shape) / groups;
  for (let n = 0; n < y.shape[0]; n++) {
    for (let group = 0; group < groups; group++) {
      body((n * groups + group) * plane, (n * groups + group) * image, group * filters, group);
    }
  }
}

/** y = w · patches + bias */
function conv2d(views: readonly View[], numbers: readonly number[]): void {
  const [y, x, w, bias] = views as readonly [View, View, View, View?];
  const filters = w.shape[0] / numbers[6];
  const { depth, outputs, positions } = patchesOf(x, y, w, numbers);
  const [image, weights] = [dense(x, numbers), dense(w, numbers)];
  const values = new Float64Array(sizeOf(y.shape));
  const patches = new Float64Array(positions.length);
  forGroups(y, x, w, numbers[6], (yAt, xAt, wAt, group) => {
    for (let i = 0; i < patches.length; i++) patches[i] = positions[i] < 0 ? 0 : image[xAt + positions[i]];
    const start = bias && {
      data: bias.storage.data,
      offset: bias.offset + group * filters * bias.strides[0],
      row: bias.strides[0],
      column: 0,
    };
    const [a, b] = [rowMajor(weights, wAt, depth), rowMajor(patches, 0, outputs)];
    gemm(filters, outputs, depth, a, b, rowMajor(values, yAt, outputs), start);
  });
  write(y, values);
}

/** The patches' gradient is wᵀ · dy; each element goes back to where it was read. */
function conv2dInput([dx, dy, w]: readonly View[], numbers: readonly number[]): void {
  const filters = w.shape[0] / numbers[6];
  const { depth, outputs, positions } = patchesOf(dx, dy, w, numbers);
  const [gradient, weights] = [dense(dy, numbers), dense(w, numbers)];
  const values = new Float64Array(sizeOf(dx.shape));
  const patches = new Float64Array(positions.length);
  forGroups(dy, dx, w, numbers[6], (yAt, xAt, wAt) => {
    const [a, b] = [transposed(rowMajor(weights, wAt, depth)), rowMajor(gradient, yAt, outputs)];
    gemm(depth, outputs, filters, a, b, rowMajor(patches, 0, outputs));
    for (let i = 0; i < patches.length; i++) if (positions[i] >= 0) values[xAt + positions[i]] += patches[i];
  });
  write(dx, values);
}

/** dw = Σ dy · patchesᵀ over the images; of views dw, db, x, dy also db = Σ dy over images and outputs. */
function conv2dWeight(views: readonly View[], numbers: readonly number[]): void {
  const [dw] = views;
  const [x, dy] = views.slice(-2);
  const filters = dw.shape[0] / numbers[6];
  const { depth, outputs, positions } = patchesOf(x, dy, dw, numbers);
  const [image, gradient] = [dense(x, numbers), dense(dy, numbers)];
  const values = new Float64Array(dw.shape[0] * depth);
  const patches = new Float64Array(positions.length);
  forGroups(dy, x, dw, numbers[6], (yAt, xAt, wAt) => {
    for (let i = 0; i < patches.length; i++) patches[i] = positions[i] < 0 ? 0 : image[xAt + positions[i]];
    const [a, b] = [rowMajor(gradient, yAt, outputs), transposed(rowMajor(patches, 0, outputs))];
    const sum = rowMajor(values, wAt, depth);
    gemm(filters, depth, outputs, a, b, sum, sum);
  });
  write(dw, values);
  if (views.length === 4) sumFilters(views[1], dy);
}

/** db = Σ dy over images and outputs */
function sumFilters(db: View, dy: View): void {
  const [, filters, ...sizes] = dy.shape;
  const outputs = sizeOf(sizes);
  const totals = new Float64Array(filters);
  dense(dy, []).forEach((value, i) => {
    totals[Math.floor(i / outputs) % filters] += value;
  });
  write(db, totals);
}

// Winograd's way has the same results, but for rounding.
export const convKernels = {
  conv2d,
  conv2dInput,
  conv2dWeight,
  conv2dWinograd: conv2d,
  conv2dInputWinograd: conv2dInput,
};
