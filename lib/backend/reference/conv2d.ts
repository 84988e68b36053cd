import type { View } from '../backend.js';
import { gemm, type Matrix, transposed } from './gemm.js';
import { rounded } from './loops.js';

// Convolution as products with the matrix of patches (im2col; Chellapilla, Puri, Simard 2006), one image and group at a time.
// y [N, O, OH, OW], x [N, C, H, W], w [O, C / groups, KH, KW].

/** Positions in x of the patches' elements: row p of the matrix is an element of the window, column j an output. */
interface Patches {
  /** Elements of a window. */
  readonly depth: number;
  /** Outputs of an image. */
  readonly outputs: number;
  /** Position relative to the group's first plane, or −1 where the window reaches into the padding. */
  readonly positions: Int32Array;
}

function patchesOf(x: View, y: View, w: View, numbers: readonly number[]): Patches {
  const [strideH, strideW, padTop, padLeft, dilationH, dilationW] = numbers;
  const [, , height, width] = x.shape;
  const [, , rows, columns] = y.shape;
  const [, channels, kernelH, kernelW] = w.shape;
  const positions = new Int32Array(channels * kernelH * kernelW * rows * columns);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let kh = 0; kh < kernelH; kh++) {
      for (let kw = 0; kw < kernelW; kw++) {
        for (let i = 0; i < rows; i++) {
          const row = i * strideH - padTop + kh * dilationH;
          for (let j = 0; j < columns; j++) {
            const column = j * strideW - padLeft + kw * dilationW;
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            positions[at++] = inside ? (c * height + row) * width + column : -1;
          }
        }
      }
    }
  }
  return { depth: channels * kernelH * kernelW, outputs: rows * columns, positions };
}

/** A row-major float64 copy of an operand, rounded to bfloat16 where the call's number 8 is 1. */
function dense(view: View, numbers: readonly number[]): Float64Array {
  const { storage, offset, shape, strides } = numbers[8] === 1 ? rounded(view) : view;
  const { data } = storage;
  const copy = new Float64Array(shape.reduce((product, size) => product * size, 1));
  let at = 0;
  for (let n = 0; n < shape[0]; n++) {
    for (let c = 0; c < shape[1]; c++) {
      for (let h = 0; h < shape[2]; h++) {
        const row = offset + n * strides[0] + c * strides[1] + h * strides[2];
        for (let w = 0; w < shape[3]; w++) copy[at++] = data[row + w * strides[3]];
      }
    }
  }
  return copy;
}

/** Writes row-major values to a view. */
function deliver(values: Float64Array, { storage: { data }, offset, shape, strides }: View): void {
  let at = 0;
  for (let n = 0; n < shape[0]; n++) {
    for (let c = 0; c < shape[1]; c++) {
      for (let h = 0; h < shape[2]; h++) {
        const row = offset + n * strides[0] + c * strides[1] + h * strides[2];
        for (let w = 0; w < shape[3]; w++) data[row + w * strides[3]] = values[at++];
      }
    }
  }
}

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
  const plane = y.shape[2] * y.shape[3] * (y.shape[1] / groups);
  const image = x.shape[2] * x.shape[3] * w.shape[1];
  const filters = (w.shape[0] / groups) * w.shape[1] * w.shape[2] * w.shape[3];
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
  const values = new Float64Array(y.shape[0] * y.shape[1] * outputs);
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
  deliver(values, y);
}

/** The patches' gradient is wᵀ · dy; each element goes back to where it was read. */
function conv2dInput([dx, dy, w]: readonly View[], numbers: readonly number[]): void {
  const filters = w.shape[0] / numbers[6];
  const { depth, outputs, positions } = patchesOf(dx, dy, w, numbers);
  const [gradient, weights] = [dense(dy, numbers), dense(w, numbers)];
  const values = new Float64Array(dx.shape.reduce((product, size) => product * size, 1));
  const patches = new Float64Array(positions.length);
  forGroups(dy, dx, w, numbers[6], (yAt, xAt, wAt) => {
    const [a, b] = [transposed(rowMajor(weights, wAt, depth)), rowMajor(gradient, yAt, outputs)];
    gemm(depth, outputs, filters, a, b, rowMajor(patches, 0, outputs));
    for (let i = 0; i < patches.length; i++) if (positions[i] >= 0) values[xAt + positions[i]] += patches[i];
  });
  deliver(values, dx);
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
  deliver(values, dw);
  if (views.length === 4) sumFilters(views[1], dy);
}

/** db = Σ dy over images and outputs */
function sumFilters({ storage, offset, strides }: View, dy: View): void {
  const [, filters, rows, columns] = dy.shape;
  const totals = new Float64Array(filters);
  dense(dy, []).forEach((value, i) => {
    totals[Math.floor(i / (rows * columns)) % filters] += value;
  });
  totals.forEach((total, o) => {
    storage.data[offset + o * strides[0]] = total;
  });
}

// Winograd's way has the same results, but for rounding.
export const convKernels = {
  conv2d,
  conv2dInput,
  conv2dWeight,
  conv2dWinograd: conv2d,
  conv2dInputWinograd: conv2dInput,
};
