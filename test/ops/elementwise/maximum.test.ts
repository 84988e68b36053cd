import { grad, maximum, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

spec('maximum', maximum, { reference: broadcasting(Math.max), samples: binarySamples([-2, 0], [0.1, 2]) });
spec('maximum from the other side', maximum, {
  reference: broadcasting(Math.max),
  samples: binarySamples([0.1, 2], [-2, 0]),
});
binaryClaims('maximum', maximum, { reference: Math.max, integers: 'int32' });

describe.each(engines)('maximum on $name', ({ use }) => {
  it('shares the gradient where the operands are equal', () => {
    use();
    const [da, db] = grad(([a, b]: [Tensor, Tensor]) => maximum(a, b).sum())([tensor([1, 2, 3]), tensor([1, 3, 2])]);
    expect(da.toArray()).toEqual([0.5, 0, 1]);
    expect(db.toArray()).toEqual([0.5, 1, 0]);
  });

  it('takes uint8 beyond 127', () => {
    use();
    const [a, b] = [
      [200, 3],
      [100, 255],
    ].map((values) => tensor(values, { dtype: 'uint8' }));
    expect(maximum(a, b).toArray()).toEqual([200, 255]);
  });
});
