import { ones, type Tensor } from 'adjoint';
import type { Plain, Sample } from './harness.js';

/* What the specs of losses of pairs of elements share. */

type Reduction = 'mean' | 'sum' | 'none';

/** The reduced losses of pairs of elements. */
export const paired =
  (f: (x: number, t: number) => number) =>
  ([x, t]: Plain[], { reduction = 'mean' }: { reduction?: Reduction } = {}): Plain => {
    const losses = x.data.map((v, i) => f(v, t.data[i]));
    const total = losses.reduce((a, b) => a + b, 0);
    if (reduction === 'none') return { shape: x.shape, data: losses };
    return { shape: [], data: [reduction === 'sum' ? total : total / losses.length] };
  };

/** Every reduction, and nothing to reduce. */
export const samples = (x?: [number, number], t?: [number, number]): Sample[] => [
  ...(['mean', 'sum', 'none'] as const).map((reduction) => ({
    operands: [
      { shape: [3, 4], ...(x && { range: x }) },
      { shape: [3, 4], ...(t && { range: t }) },
    ],
    args: [{ reduction }],
  })),
  { operands: [{ shape: [0] }, { shape: [0] }], args: [{ reduction: 'none' }] },
];

/** The error of operands that are no pairs. */
export const mismatch = (name: string, call: (x: Tensor, t: Tensor) => Tensor) => ({
  call: () => call(ones([4, 3]), ones([4])),
  says: `${name}: input and target must have one shape; got [4, 3] and [4]; reshape one of them`,
});
