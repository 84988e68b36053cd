import type { Plain, Sample } from './harness.js';

/* References and samples for ops that work along axes. */

/** The index, axis by axis, of an element in row-major order. */
export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let i = shape.length - 1, rest = flat; i >= 0; i--) {
    index.unshift(rest % shape[i]);
    rest = Math.floor(rest / shape[i]);
  }
  return index;
}

/** The position in row-major order of an index. */
export const flatOf = (index: readonly number[], shape: readonly number[]): number =>
  index.reduce((flat, at, axis) => flat * shape[axis] + at, 0);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Every index of a shape, in row-major order. */
export const indices = (shape: readonly number[]): number[][] =>
  Array.from({ length: sizeOf(shape) }, (_, flat) => indexOf(flat, shape));

/** A tensor from a function of its index. */
export const build = (shape: number[], value: (index: number[]) => number): Plain => ({
  shape,
  data: indices(shape).map(value),
});

export const at = (x: Plain, index: readonly number[]): number => x.data[flatOf(index, x.shape)];

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

/** What every reduction must take: no axes, one, several, negative, all; odd sizes; kept dimensions. */
export const reductionSamples = (range?: [number, number]): Sample[] =>
  (
    [
      [[], []],
      [[7], []],
      [[37], [0]],
      [[3, 5], []],
      [[3, 5], [0]],
      [
        [3, 5],
        [-1, { keepDims: true }],
      ],
      [[2, 3, 4], [[0, 2]]],
      [
        [2, 3, 4],
        [[1, -1], { keepDims: true }],
      ],
      [[2, 3, 4], [1]],
      [[0, 3], [1]],
    ] as [number[], unknown[]][]
  ).map(([shape, args]) => ({ operands: [{ shape, ...(range && { range }) }], args }));

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
  ...reductionSamples(),
  { operands: [{ shape: [3, 5], dtype: 'int32' }], args: [1] },
  { operands: [{ shape: [40], dtype: 'uint8' }], args: [0] },
  { operands: [{ shape: [4], values: [1, Number.NaN, 5, Number.NaN] }] },
  { operands: [{ shape: [3], values: [-Infinity, -Infinity, -Infinity] }] },
];

/** The operands one after the other along an axis. */
export const joined = (operands: Plain[], axis: number): Plain => {
  const [{ shape }] = operands;
  const along = axis < 0 ? axis + shape.length : axis;
  const total = operands.reduce((sum, x) => sum + x.shape[along], 0);
  return build(shape.with(along, total), (index) => {
    let i = index[along];
    const x = operands.find((p) => {
      if (i < p.shape[along]) return true;
      i -= p.shape[along];
      return false;
    }) as Plain;
    return at(x, index.with(along, i));
  });
};
