import { ones, type Tensor } from 'adjoint';
import type { Operand, Plain, Sample } from './harness.js';

/* What the specs of losses share. */

type Reduction = 'mean' | 'sum' | 'none';
/** Losses of a shape, reduced. */
export function reduced(shape: number[], losses: number[], options: object = {}): Plain {
  const { reduction = 'mean' } = options as { reduction?: Reduction };
  const total = losses.reduce((a, b) => a + b, 0);
  if (reduction === 'none') return { shape, data: losses };
  return { shape: [], data: [reduction === 'sum' ? total : total / losses.length] };
}

/** The reduced losses of pairs of elements. */
export const paired =
  (f: (x: number, t: number, options: any) => number) =>
  ([x, t]: Plain[], options: any = {}): Plain =>
    reduced(
      x.shape,
      x.data.map((v, i) => f(v, t.data[i], options)),
      options,
    );

/** The vectors along the last axis, or along the last `axes` ones. */
export function vectors({ shape, data }: Plain, axes = 1): number[][] {
  const n = shape.slice(-axes).reduce((a, b) => a * b, 1);
  return Array.from({ length: data.length / n }, (_, i) => data.slice(i * n, (i + 1) * n));
}

export const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** Every reduction of a loss of these operands. */
export const reductions = (operands: Operand[], options: object = {}): Sample[] =>
  (['mean', 'sum', 'none'] as const).map((reduction) => ({ operands, args: [{ ...options, reduction }] }));

/** Every reduction, and nothing to reduce. */
export const samples = (x?: [number, number], t?: [number, number], options: object = {}): Sample[] => [
  ...reductions(
    [
      { shape: [3, 4], ...(x && { range: x }) },
      { shape: [3, 4], ...(t && { range: t }) },
    ],
    options,
  ),
  { operands: [{ shape: [0] }, { shape: [0] }], args: [{ ...options, reduction: 'none' }] },
];

/** A sign for each element, not to be differentiated by. */
export const signs = (shape: number[]): Operand => ({
  shape,
  dtype: 'int32',
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 3 === 1 ? -1 : 1)),
});

/** The error of operands that are no pairs. */
export const mismatch = (name: string, call: (x: Tensor, t: Tensor) => Tensor) => ({
  call: () => call(ones([4, 3]), ones([4])),
  says: `${name}: input and target must have one shape; got [4, 3] and [4]; reshape one of them`,
});
