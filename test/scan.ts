import { type Tensor, tensor } from 'adjoint';
import { at, build } from './axes.js';
import type { Plain, Sample } from './harness.js';

/* What the specs of running reductions share. */

/** A reference from a function of the elements so far. */
export const running =
  (f: (values: number[]) => number) =>
  ([x]: Plain[], axis: number): Plain => {
    const along = axis < 0 ? axis + x.shape.length : axis;
    return build(x.shape, (index) =>
      f(Array.from({ length: index[along] + 1 }, (_, i) => at(x, index.with(along, i)))),
    );
  };

/** Every axis, one element, none, and lengths that are no power of two. */
export const runningSamples: Sample[] = [
  { operands: [{ shape: [7] }], args: [0] },
  { operands: [{ shape: [67] }], args: [-1] },
  { operands: [{ shape: [3, 5] }], args: [0] },
  { operands: [{ shape: [2, 3, 4] }], args: [1] },
  { operands: [{ shape: [2, 3, 4] }], args: [-1] },
  { operands: [{ shape: [4, 1] }], args: [1] },
  { operands: [{ shape: [0, 3] }], args: [0] },
  { operands: [{ shape: [3, 0] }], args: [0] },
];

/** The errors that every running reduction states about its axis. */
export const runningErrors = (name: string, op: (x: any, axis: number) => unknown) => [
  { call: () => op(tensor([1]), 1), says: `${name}: axis 1 of a tensor with 1 axes; must be within -1 … 0` },
  { call: () => op(tensor(1) as Tensor, 0), says: `${name}: axis 0 of a tensor with 0 axes; a scalar has no axes` },
];
