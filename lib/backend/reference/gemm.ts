import type { TypedArray } from '../../core/dtype.js';

/** Element (i, j) at `data[offset + i · row + j · column]`. */
export interface Matrix {
  readonly data: TypedArray;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** The matrix whose element (i, j) is element (j, i) of the given one. */
export const transposed = ({ data, offset, row, column }: Matrix): Matrix => ({
  data,
  offset,
  row: column,
  column: row,
});

/** Rows and columns of the tile that is summed in local variables: 16 sums are what V8 keeps in registers. */
const tile = 4;

/** Packs rows side by side in panels of four: element (i, p) at `(⌊i / 4⌋ · depth + p) · 4 + i mod 4`, zeros behind the last. */
function pack(rows: number, depth: number, { data, offset, row, column }: Matrix): Float64Array {
  const packed = new Float64Array(Math.ceil(rows / tile) * depth * tile);
  for (let i = 0; i < rows; i++) {
    let to = (i - (i % tile)) * depth + (i % tile);
    let from = offset + i * row;
    for (let p = 0; p < depth; p++, to += tile, from += column) packed[to] = data[from];
  }
  return packed;
}

/** sums[4 × 4] = a panel of A times a panel of B. */
function multiplyTile(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  depth: number,
  sums: Float64Array,
): void {
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let p = 0; p < depth; p++, aAt += tile, bAt += tile) {
    const b0 = b[bAt];
    const b1 = b[bAt + 1];
    const b2 = b[bAt + 2];
    const b3 = b[bAt + 3];
    const a0 = a[aAt];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[aAt + 1];
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[aAt + 2];
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = a[aAt + 3];
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
  sums[8] = s20;
  sums[9] = s21;
  sums[10] = s22;
  sums[11] = s23;
  sums[12] = s30;
  sums[13] = s31;
  sums[14] = s32;
  sums[15] = s33;
}

const sums = new Float64Array(tile * tile);

/** C[m × n] = A[m × k] · B[k × n] + start, where `start` may be C itself. Sums are in float64, rounded once. */
export function gemm(m: number, n: number, k: number, a: Matrix, b: Matrix, c: Matrix, start?: Matrix): void {
  const left = pack(m, k, a);
  const right = pack(n, k, transposed(b));
  // Columns outside: a panel of B stays in the first-level cache while all of A passes by.
  for (let j = 0; j < n; j += tile) {
    for (let i = 0; i < m; i += tile) {
      multiplyTile(left, i * k, right, j * k, k, sums);
      for (let r = 0; r < tile && i + r < m; r++) {
        for (let s = 0; s < tile && j + s < n; s++) {
          const before = start ? start.data[start.offset + (i + r) * start.row + (j + s) * start.column] : 0;
          c.data[c.offset + (i + r) * c.row + (j + s) * c.column] = before + sums[r * tile + s];
        }
      }
    }
  }
}
