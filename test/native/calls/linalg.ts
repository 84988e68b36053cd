import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, type KernelCall, numbers, type Operand, of, ofRows } from './operand.js';

export function linalg(): KernelCall[] {
  const sizes: [m: number, n: number, k: number][] = [
    [19, 37, 23],
    [3, 5, 70],
    [31, 1, 40],
    [1, 33, 9],
  ];
  const halves: [RealDType, RealDType, RealDType][] = [
    ['float32', 'bfloat16', 'bfloat16'],
    ['bfloat16', 'float32', 'bfloat16'],
  ];
  const products = sizes.flatMap(([m, n, k]): KernelCall[] => [
    ...each('matmul', numbers, (t) => [of(t)([2, m, n]), of(t)([2, m, k]), of(t)([2, k, n]), of(t)([n])]),
    ...each(
      'matmul',
      floats,
      (t) => [of(t)([2, m, n]), of(t)([2, m, k]), of(t)([2, k, n]), of(t)([n]), of(t)([2, m, n])],
      [0, 0, 1],
    ),
    ...each(
      'matmul',
      floats,
      (t) => [of(t)([m, 96]), of(t)([m, k]), { ...of(t)([3, k, 32]), dense: true }, of(t)([96])],
      [0, 0, 0, 1],
    ),
    ...halves.map(([y, a, b]): KernelCall => {
      return { kernel: 'matmul', views: [of(y)([2, m, n]), of(a)([2, m, k]), of(b)([2, k, n])], numbers: [0, 1] };
    }),
  ]);
  return [...products, ...decompositions(), ...ofRows(each('peak', ['float32'], () => [of('float32')([384])], [3]))];
}

/** Results in row-major order, matrices of any strides; where they are not small, conditioned as their values are. */
function decompositions(): KernelCall[] {
  const dense = (operand: Operand): Operand => ({ ...operand, dense: true });
  const matrix = (t: RealDType, ...shape: number[]): Operand => of(t)([2, ...shape]);
  const result = (t: RealDType, ...shape: number[]): Operand => dense(matrix(t, ...shape));
  const [one, status] = [result('int32'), (t: RealDType) => [result(t), result('int32')]];
  return [
    ...each('eigh', floats, (t) => [result(t, 7), result(t, 7, 7), matrix(t, 7, 7)]),
    ...[
      [9, 21],
      [21, 7],
    ].flatMap(([m, n]) =>
      each('lu', floats, (t) => [result(t, m, n), result('int32', m), ...status(t), matrix(t, m, n)]),
    ),
    ...each('cholesky', floats, (t) => [result(t, 5, 5), one, of(t)([2, 5, 5], 'positive')]),
    ...[0, 1].flatMap((upper) => [
      // Of a few unknowns alone: each row may double the error of those before it.
      ...each('solveTriangular', floats, (t) => [result(t, 3, 37), of(t)([2, 3, 3], 'positive'), matrix(t, 3, 37)], [
        upper,
        0,
      ]),
      ...each('solveTriangular', floats, (t) => [result(t, 41, 7), of(t)([2, 41, 41], 'small'), matrix(t, 41, 7)], [
        upper,
        1,
      ]),
    ]),
    ...each('qr', floats, (t) => [result(t, 41, 7), result(t, 7, 7), matrix(t, 41, 7)]),
    ...each('qr', floats, (t) => [result(t, 5, 5), result(t, 5, 19), matrix(t, 5, 19)]),
    ...each('svd', floats, (t) => [result(t, 3), result(t, 5, 3), result(t, 3, 3), matrix(t, 5, 3)]),
    ...each('svd', floats, (t) => [result(t, 9), matrix(t, 9, 21)]),
    ...each('matrixExp', floats, (t) => [result(t, 5, 5), matrix(t, 5, 5)]),
  ];
}
