import type { Plain } from './harness.js';

/* References of ops that work along axes. */

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
