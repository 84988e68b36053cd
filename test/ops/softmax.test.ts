import { logSoftmax, ones, softmax, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, type Sample, spec } from '../harness.js';

/** Brings every vector along an axis through a function of its own. */
const alongAxis =
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

const exponentials = (x: number[]): number[] => x.map((v) => Math.exp(v - Math.max(...x)));
const total = (x: number[]): number => x.reduce((a, b) => a + b, 0);

const samples: Sample[] = [
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

spec('softmax', softmax as never, {
  reference: alongAxis((x) => exponentials(x).map((e) => e / total(exponentials(x)))),
  samples,
  errors: [
    { call: () => softmax(ones([2, 3]), 2), says: 'softmax: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});

spec('logSoftmax', logSoftmax as never, {
  reference: alongAxis((x) => x.map((v) => v - Math.max(...x) - Math.log(total(exponentials(x))))),
  samples,
  errors: [
    { call: () => logSoftmax(ones([]), 0), says: 'logSoftmax: axis 0 of a tensor with 0 axes; a scalar has no axes' },
  ],
});

describe.each(engines)('softmax on $name', ({ use }) => {
  it('is exact for huge logits, 0 for −∞, and NaN where no logit is finite', () => {
    use();
    expect(softmax(tensor([1000, -1000, 1000])).toArray()).toEqual([0.5, 0, 0.5]);
    expect(softmax(tensor([0, -Infinity])).toArray()).toEqual([1, 0]);
    expect(softmax(tensor([-Infinity, -Infinity])).toArray()).toEqual([NaN, NaN]);
    expect(softmax(tensor([1, NaN])).toArray()).toEqual([NaN, NaN]);
    expect(logSoftmax(tensor([1000, 0])).toArray()).toEqual([0, -1000]);
  });
});
