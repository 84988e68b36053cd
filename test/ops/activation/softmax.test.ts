import { ones, softmax, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { alongAxis, exponentials, samples, total } from '../../softmax.js';

spec('softmax', softmax, {
  reference: alongAxis((x) => exponentials(x).map((e) => e / total(exponentials(x)))),
  samples,
  errors: [
    { call: () => softmax(ones([2, 3]), 2), says: 'softmax: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
  ],
});

describe.each(engines)('softmax on $name', ({ use }) => {
  it('is exact for huge logits, 0 for −∞, and NaN where no logit is finite', () => {
    use();
    expect(softmax(tensor([1000, -1000, 1000])).toArray()).toEqual([0.5, 0, 0.5]);
    expect(softmax(tensor([0, -Infinity])).toArray()).toEqual([1, 0]);
    expect(softmax(tensor([-Infinity, -Infinity])).toArray()).toEqual([NaN, NaN]);
    expect(softmax(tensor([1, NaN])).toArray()).toEqual([NaN, NaN]);
  });
});
