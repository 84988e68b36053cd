import { argmax, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { position, positionSamples, reducing } from '../../reduction.js';

spec('argmax', argmax, {
  reference: reducing(position((a, b) => a > b || Number.isNaN(a))),
  samples: positionSamples,
  differentiable: false,
  errors: [
    {
      call: () => argmax(zeros([2, 0]), 1),
      says: 'argmax: there is none of zero elements; got shape [2, 0], axes [1]; check that the input is not empty',
    },
    {
      call: () => argmax(zeros([1]).expand([2 ** 16, 2 ** 16])),
      says: 'argmax: positions are int32, so there must be at most 2147483648 of them; got 4294967296; split the input',
    },
  ],
});

describe.each(engines)('argmax on $name', ({ use }) => {
  it('gives int32 and takes bfloat16', () => {
    use();
    const y = argmax(tensor([1, 3, 2], { dtype: 'bfloat16' }));
    expect([y.dtype, y.item()]).toEqual(['int32', 1]);
  });
});
