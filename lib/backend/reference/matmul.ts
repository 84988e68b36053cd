import { sizeOf } from '../../core/shape.js';
import type { View } from '../backend.js';
import { gemm, type Matrix } from './gemm.js';
import { read, rounded, rowMajor, viewOf, writable } from './loops.js';

/** The last two axes of a view at a batch index of `shape`. Axes that a bias lacks, or has with length 1, stand still. */
function matrix(view: View, shape: readonly number[], batch: number): Matrix {
  const missing = shape.length - view.shape.length;
  const stride = (axis: number): number =>
    axis < missing || (view.shape[axis - missing] === 1 && shape[axis] !== 1) ? 0 : view.strides[axis - missing];
  let offset = view.offset;
  for (let axis = shape.length - 3; axis >= 0; axis--) {
    offset += (batch % shape[axis]) * stride(axis);
    batch = Math.floor(batch / shape[axis]);
  }
  return { data: view.storage.data, offset, row: stride(shape.length - 2), column: stride(shape.length - 1) };
}

/** How many products a result holds. */
const batchesOf = ({ shape }: View): number => sizeOf(shape.slice(0, -2));

/** The same product modulo 2³², as integers have it. */
function integerGemm(m: number, n: number, k: number, a: Matrix, b: Matrix, c: Matrix, start?: Matrix): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = start ? start.data[start.offset + i * start.row + j * start.column] : 0;
      for (let p = 0; p < k; p++) {
        sum =
          (sum + Math.imul(a.data[a.offset + i * a.row + p * a.column], b.data[b.offset + p * b.row + j * b.column])) |
          0;
      }
      c.data[c.offset + i * c.row + j * c.column] = sum;
    }
  }
}

/** c += x */
function add(m: number, n: number, c: Matrix, x: Matrix): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      c.data[c.offset + i * c.row + j * c.column] += x.data[x.offset + i * x.row + j * x.column];
    }
  }
}

/**
 * y[…, m, n] = a[…, m, k] · b[…, k, n] + bias, which may be left out and broadcasts to y. Where an operand is bfloat16, or the
 * second number is 1, both are rounded to it. Where the third number is 1, the last view is a residual: added in the end. Where
 * the fourth is 1, b is in panels of its columns.
 */
function matmul(views: readonly View[], numbers: readonly number[]): void {
  if (numbers[3] === 1) {
    const [y, a, panels, ...added] = views;
    const [count, k, width] = panels.shape;
    const [panel, row, column] = panels.strides;
    const values = read({ ...viewOf(panels), shape: [k, count, width], strides: [row, panel, column] });
    matmul([y, a, rowMajor(values, [k, count * width]), ...added], numbers.slice(0, 3));
    return;
  }
  if (numbers[2] === 1) {
    const [y] = views;
    const residual = views[views.length - 1];
    matmul(views.slice(0, -1), numbers.slice(0, 2));
    const [m, n] = y.shape.slice(-2);
    for (let batch = 0; batch < batchesOf(y); batch++) {
      add(m, n, matrix(y, y.shape, batch), matrix(residual, y.shape, batch));
    }
    return;
  }
  const [y, a, b, bias] = views as readonly [View, View, View, View?];
  if (numbers[1] === 1 || a.dtype === 'bfloat16' || b.dtype === 'bfloat16') {
    const { values, done } = writable(y);
    multiply(rowMajor(values, y.shape), rounded(a), rounded(b), bias?.dtype === 'bfloat16' ? rounded(bias) : bias);
    done();
  } else {
    multiply(y, a, b, bias);
  }
}

function multiply(y: View, a: View, b: View, bias: View | undefined): void {
  const { shape } = y;
  const [m, n] = shape.slice(-2);
  const k = a.shape[a.shape.length - 1];
  const multiplyOne = y.dtype === 'int32' ? integerGemm : gemm;
  for (let batch = 0; batch < batchesOf(y); batch++) {
    const start = bias && matrix(bias, shape, batch);
    multiplyOne(m, n, k, matrix(a, a.shape, batch), matrix(b, b.shape, batch), matrix(y, shape, batch), start);
  }
}

export const matmulKernels = { matmul };
