import { grad, minimum, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

spec('minimum', minimum, { reference: broadcasting(Math.min), samples: binarySamples([-2, 0], [0.1, 2]) });
spec('minimum from the other side', minimum, {
  reference: broadcasting(Math.min),
  samples: binarySamples([0.1, 2], [-2, 0]),
});
binaryClaims('minimum', minimum, { reference: Math.min, integers: 'int32' });

describe.each(engines)('minimum on $name', ({ use }) => {
  it('shares the gradient where the operands are equal', () => {
    use();
    const [da, db] = grad(([a, b]: [Tensor, Tensor]) => minimum(a, b).sum())([tensor([1, 2, 3]), tensor([1, 3, 2])]);
    expect(da.toArray()).toEqual([0.5, 1, 0]);
    expect(db.toArray()).toEqual([0.5, 0, 1]);
  });

  it('takes uint8 beyond 127', () => {
    use();
    const [a, b] = [
      [200, 3],
      [100, 255],
    ].map((values) => tensor(values, { dtype: 'uint8' }));
    expect(minimum(a, b).toArray()).toEqual([100, 3]);
  });
});
