import { logSoftmax, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { alongAxis, exponentials, samples, total } from '../../softmax.js';

spec('logSoftmax', logSoftmax, {
  reference: alongAxis((x) => x.map((v) => v - Math.max(...x) - Math.log(total(exponentials(x))))),
  samples,
  errors: [
    { call: () => logSoftmax(ones([]), 0), says: 'logSoftmax: axis 0 of a tensor with 0 axes; a scalar has no axes' },
  ],
});

describe.each(engines)('logSoftmax on $name', ({ use }) => {
  it('is exact for huge logits', () => {
    use();
    expect(logSoftmax(tensor([1000, 0])).toArray()).toEqual([0, -1000]);
  });
});
