import { fullLike, onesLike, tensor, zeros, zerosLike } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

spec('zerosLike', zerosLike, { reference: elementwise(() => 0), samples: unarySamples(), differentiable: false });
spec('onesLike', onesLike, { reference: elementwise(() => 1), samples: unarySamples(), differentiable: false });

describe.each(engines)('zerosLike, onesLike and fullLike on $name', ({ use }) => {
  it('have the shape and dtype given, whatever the values and strides', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const) {
      const x = tensor([[1, 0, 1]], { dtype }).transpose();
      expect([zerosLike(x).dtype, onesLike(x).dtype]).toEqual([dtype, dtype]);
      expect(zerosLike(x).to('int32').toArray()).toEqual([[0], [0], [0]]);
      expect(onesLike(x).to('int32').toArray()).toEqual([[1], [1], [1]]);
    }
    expect(onesLike(zeros([0, 2])).shape).toEqual([0, 2]);
    expect(zerosLike(tensor([NaN])).item()).toBe(0);
  });

  it('fullLike takes shape and dtype', () => {
    use();
    const x = fullLike(zeros([2], { dtype: 'int32' }), 7);
    expect([x.dtype, x.toArray()]).toEqual(['int32', [7, 7]]);
  });
});
