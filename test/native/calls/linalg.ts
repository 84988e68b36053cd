import type { DType } from '../../../lib/core/dtype.js';
import { each, floats, type KernelCall, numbers, of, ofRows } from './operand.js';

export function linalg(): KernelCall[] {
  const sizes: [m: number, n: number, k: number][] = [
    [19, 37, 23],
    [3, 5, 70],
    [31, 1, 40],
    [1, 33, 9],
  ];
  const halves: [DType, DType, DType][] = [
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
  return [
    ...products,
    ...ofRows([
      ...each('eigh', floats, (t) => [of(t)([2, 7]), of(t)([2, 7, 7]), of(t)([2, 7, 7])]),
      ...each('peak', ['float32'], () => [of('float32')([384])], [3]),
    ]),
  ];
}
