import type { Tensor } from 'adjoint';
import type { Operand, Plain, Sample } from './harness.js';

/* What the specs of reductions share. */

/** Shapes and axes that every reduction must take; `empty` adds those with no elements to reduce. */
export function reductionSamples(range: [number, number] | undefined, empty: boolean): Sample[] {
  const sample = (shape: number[], ...args: unknown[]): Sample => ({
    operands: [{ shape, ...(range && { range }) } as Operand],
    args,
  });
  return [
    sample([]),
    sample([7]),
    sample([3, 5]),
    sample([3, 5], 0),
    sample([3, 5], -1, { keepDims: true }),
    sample([2, 3, 4], 1),
    sample([2, 3, 4], [0, 2]),
    sample([2, 3, 4], [-1, 0], { keepDims: true }),
    sample([2, 3, 4], []),
    sample([1, 67], 1),
    sample([5, 1, 70], 0),
    sample([0, 3], 1),
    ...(empty ? [sample([0]), sample([2, 0, 3], 1), sample([0, 3], 0, { keepDims: true })] : []),
  ];
}

/** Larger ones, where vectors, blocks and several threads' parts meet: too large for finite differences. */
export const largeReductionSamples = (): Sample[] => [
  { operands: [{ shape: [300, 700] }] },
  { operands: [{ shape: [300, 700] }], args: [0] },
  { operands: [{ shape: [300, 700] }], args: [1] },
  { operands: [{ shape: [4, 33, 50, 40] }], args: [[0, 2, 3]] },
  { operands: [{ shape: [40000, 7] }], args: [0] },
  { operands: [{ shape: [7, 20000, 2] }], args: [1] },
];

/** A reference from a function of the elements that one result is made of, in row-major order. */
export const reducing =
  (f: (values: number[]) => number) =>
  ([x]: Plain[], axis?: number | number[], { keepDims = false }: { keepDims?: boolean } = {}): Plain => {
    const rank = x.shape.length;
    const axes = (axis === undefined ? x.shape.map((_, i) => i) : [axis].flat()).map((a) => (a < 0 ? a + rank : a));
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const groups = Array.from({ length: kept.reduce((p, q) => p * q, 1) }, () => [] as number[]);
    x.data.forEach((value, flat) => {
      let group = 0;
      let stride = 1;
      for (let i = rank - 1, rest = flat; i >= 0; rest = Math.floor(rest / x.shape[i]), i--) {
        if (axes.includes(i)) continue;
        group += (rest % x.shape[i]) * stride;
        stride *= x.shape[i];
      }
      groups[group].push(value);
    });
    return { shape: keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i)), data: groups.map(f) };
  };

/** The errors that every reduction states about its axes. */
export const axisErrors = (name: string, op: (x: any, ...rest: any[]) => Tensor, x: Tensor) => [
  {
    call: () => op(x, x.rank),
    says: `${name}: axis ${x.rank} of a tensor with ${x.rank} axes; must be within ${-x.rank} … ${x.rank - 1}`,
  },
  {
    call: () => op(x, [0, -x.rank]),
    says: `${name}: each axis may be named once; got [0, ${-x.rank}] of a tensor with ${x.rank} axes`,
  },
];
