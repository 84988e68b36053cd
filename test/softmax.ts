import type { Plain, Sample } from './harness.js';

/* What the specs of softmax and its logarithm share. */

/** Brings every vector along an axis through a function of its own. */
export const alongAxis =
  (f: (x: number[]) => number[]) =>
  ([x]: Plain[], axis = -1): Plain => {
    const at = axis < 0 ? axis + x.shape.length : axis;
    const inner = x.shape.slice(at + 1).reduce((a, b) => a * b, 1);
    const n = x.shape[at];
    const data = new Array<number>(x.data.length);
    for (let start = 0; start < x.data.length; start++) {
      if (Math.floor(start / inner) % n !== 0) continue;
      const y = f(Array.from({ length: n }, (_, k) => x.data[start + k * inner]));
      for (let k = 0; k < n; k++) data[start + k * inner] = y[k];
    }
    return { shape: x.shape, data };
  };

export const exponentials = (x: number[]): number[] => x.map((v) => Math.exp(v - Math.max(...x)));
export const total = (x: number[]): number => x.reduce((a, b) => a + b, 0);

/** Either axis, one element, none, and lengths beyond a vector. */
export const samples: Sample[] = [
  { operands: [{ shape: [5] }] },
  { operands: [{ shape: [3, 7] }] },
  { operands: [{ shape: [3, 7] }], args: [0] },
  { operands: [{ shape: [2, 3, 4] }], args: [1] },
  { operands: [{ shape: [1, 1] }] },
  { operands: [{ shape: [0, 3] }] },
  { operands: [{ shape: [2, 0] }] },
  { operands: [{ shape: [3, 131] }], smooth: false },
  { operands: [{ shape: [2, 5, 131] }], args: [1], smooth: false },
];
