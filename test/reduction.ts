import type { Tensor } from 'adjoint';
import { flatOf, indexOf, sizeOf } from './axes.js';
import type { Plain, Sample } from './harness.js';

/* What the specs of reductions share. */

/** A reference for a reduction, from a function of the elements that make one result. */
export const reducing =
  (f: (values: number[]) => number) =>
  ([x]: Plain[], axis?: number | number[], { keepDims = false }: { keepDims?: boolean } = {}): Plain => {
    const rank = x.shape.length;
    const axes = (axis === undefined ? x.shape.map((_, i) => i) : [axis].flat()).map((a) => (a < 0 ? a + rank : a));
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
    const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
    x.data.forEach((value, flat) => {
      const index = indexOf(flat, x.shape).map((n, i) => (axes.includes(i) ? 0 : n));
      groups[flatOf(index, kept)].push(value);
    });
    return { shape: keepDims ? kept : kept.filter((_, i) => !axes.includes(i)), data: groups.map(f) };
  };

/** Shapes and axes that every reduction must take: no axes, one, several, negative, all; odd sizes; kept dimensions. */
export function reductionSamples({ ofNone = true }: { ofNone?: boolean } = {}): Sample[] {
  const sample = (shape: number[], ...args: unknown[]): Sample => ({ operands: [{ shape }], args });
  return [
    sample([]),
    sample([7]),
    sample([37], 0),
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
    ...(ofNone ? [sample([0]), sample([2, 0, 3], 1), sample([0, 3], 0, { keepDims: true })] : []),
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

/** What reductions of truth values must take beside. */
export const truthSamples: Sample[] = [
  ...reductionSamples().map(({ operands, args }) => ({
    operands: operands.map(({ shape }) => ({ shape, dtype: 'bool' as const })),
    args: args ?? [],
  })),
  { operands: [{ shape: [2, 0], dtype: 'bool' }], args: [1] },
  { operands: [{ shape: [2, 2], dtype: 'bool', values: [1, 1, 0, 0] }], args: [1] },
  { operands: [{ shape: [2, 3], values: [0, 0, Number.NaN, 0, 0, 0] }], args: [1] },
  { operands: [{ shape: [4], dtype: 'int32', values: [0, -1, 2, 3] }] },
];

/** The first position that no other is better than; NaN is better than all. */
export const position =
  (better: (a: number, b: number) => boolean) =>
  (values: number[]): number =>
    values.reduce((best, x, i) => (better(x, values[best]) && !Number.isNaN(values[best]) ? i : best), 0);

/** What reductions to a position must take. */
export const positionSamples: Sample[] = [
  ...reductionSamples({ ofNone: false }),
  { operands: [{ shape: [3, 5], dtype: 'int32' }], args: [1] },
  { operands: [{ shape: [40], dtype: 'uint8' }], args: [0] },
  { operands: [{ shape: [4], values: [1, Number.NaN, 5, Number.NaN] }] },
  { operands: [{ shape: [3], values: [-Infinity, -Infinity, -Infinity] }] },
];
