import type { View } from '../backend.js';

// Pooling of planes: y [N, C, OH, OW], x [N, C, H, W]. A window of y's element (i, j) starts at row i · strideH − padTop and
// column j · strideW − padLeft.

/** One spatial axis of a window, clipped to the plane: first and end in steps of the dilation. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** Cells within the padded plane. */
  readonly padded: number;
}

function span(start: number, taps: number, step: number, length: number, endPad: number): Span {
  const first = start < 0 ? start + Math.ceil(-start / step) * step : start;
  return { first, end: Math.min(start + taps * step, length), step, padded: Math.min(taps, length + endPad - start) };
}

/** Calls visit for every window with the positions of its output in y and of its plane in x. */
function forWindows(
  y: View,
  x: View,
  numbers: readonly number[],
  [dilationH, dilationW, padBottom, padRight]: readonly number[],
  visit: (yAt: readonly number[], plane: number, rows: Span, columns: Span) => void,
): void {
  const [kernelH, kernelW, strideH, strideW, padTop, padLeft] = numbers;
  const [images, channels, height, width] = x.shape;
  const columns = Array.from({ length: y.shape[3] }, (_, j) =>
    span(j * strideW - padLeft, kernelW, dilationW, width, padRight),
  );
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < y.shape[2]; i++) {
        const rows = span(i * strideH - padTop, kernelH, dilationH, height, padBottom);
        for (let j = 0; j < y.shape[3]; j++) {
          visit([n, c, i, j], x.offset + n * x.strides[0] + c * x.strides[1], rows, columns[j]);
        }
      }
    }
  }
}

const position = ({ offset, strides }: View, [n, c, i, j]: readonly number[]): number =>
  offset + n * strides[0] + c * strides[1] + i * strides[2] + j * strides[3];

function fillZero(view: View): void {
  const [images, channels, height, width] = view.shape;
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) view.storage.data[position(view, [n, c, i, j])] = 0;
      }
    }
  }
}

/** y and the position h · W + w of each window's first maximum; of its last NaN, if it has one. */
function maxPool2d([y, indices, x]: readonly View[], numbers: readonly number[]): void {
  const { data } = x.storage;
  const width = x.shape[3];
  forWindows(y, x, numbers, [numbers[6], numbers[7], 0, 0], (yAt, plane, rows, columns) => {
    let best = Number.NEGATIVE_INFINITY;
    let index = rows.first * width + columns.first;
    for (let h = rows.first; h < rows.end; h += rows.step) {
      for (let w = columns.first; w < columns.end; w += columns.step) {
        const value = data[plane + h * x.strides[2] + w * x.strides[3]];
        if (value > best || Number.isNaN(value)) {
          best = value;
          index = h * width + w;
        }
      }
    }
    y.storage.data[position(y, yAt)] = best;
    indices.storage.data[position(indices, yAt)] = index;
  });
}

/** dx: dy's elements where the maxima were; with the pooled values, those where these are above 0. */
function maxPool2dInput([dx, dy, indices, pooled]: readonly View[]): void {
  fillZero(dx);
  const [images, channels, rows, columns] = dy.shape;
  const width = dx.shape[3];
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          if (pooled !== undefined && !(pooled.storage.data[position(pooled, [n, c, i, j])] > 0)) continue;
          const index = indices.storage.data[position(indices, [n, c, i, j])];
          const to = position(dx, [n, c, Math.floor(index / width), index % width]);
          dx.storage.data[to] += dy.storage.data[position(dy, [n, c, i, j])];
        }
      }
    }
  }
}

/** What a window's sum is divided by. */
const divisor = (rows: Span, columns: Span, countPadding: boolean): number =>
  countPadding ? rows.padded * columns.padded : (rows.end - rows.first) * (columns.end - columns.first);

function avgPool2d([y, x]: readonly View[], numbers: readonly number[]): void {
  forWindows(y, x, numbers, [1, 1, numbers[7], numbers[8]], (yAt, plane, rows, columns) => {
    let sum = 0;
    for (let h = rows.first; h < rows.end; h++) {
      for (let w = columns.first; w < columns.end; w++)
        sum += x.storage.data[plane + h * x.strides[2] + w * x.strides[3]];
    }
    y.storage.data[position(y, yAt)] = sum / divisor(rows, columns, numbers[6] !== 0);
  });
}

function avgPool2dInput([dx, dy]: readonly View[], numbers: readonly number[]): void {
  fillZero(dx);
  forWindows(dy, dx, numbers, [1, 1, numbers[7], numbers[8]], (yAt, plane, rows, columns) => {
    const share = dy.storage.data[position(dy, yAt)] / divisor(rows, columns, numbers[6] !== 0);
    for (let h = rows.first; h < rows.end; h++) {
      for (let w = columns.first; w < columns.end; w++)
        dx.storage.data[plane + h * dx.strides[2] + w * dx.strides[3]] += share;
    }
  });
}

export const poolKernels = { maxPool2d, maxPool2dInput, avgPool2d, avgPool2dInput };
