import { grad, prod, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { reducing, reductionSamples } from '../../reduction.js';

spec('prod', prod, {
  reference: reducing((values) => values.reduce((a, b) => a * b, 1)),
  samples: [
    ...reductionSamples(),
    { operands: [{ shape: [3, 0] }], args: [1] },
    { operands: [{ shape: [5], values: [2, 0, 3, -1, 4] }] },
    { operands: [{ shape: [6], values: [2, 0, 3, 0, 4, 1] }] },
    { operands: [{ shape: [2, 3], dtype: 'int32' }], args: [1] },
    { operands: [{ shape: [3], dtype: 'bool', values: [1, 1, 0] }] },
  ],
  // A product of n numbers rounds n − 1 times.
  slack: 8,
  errors: [
    {
      call: () => prod(tensor([65536, 65536], { dtype: 'int32' })),
      says: "prod: the product 4294967296 is no int32; convert with to('float64') first",
    },
    {
      call: () => prod(tensor([[1]]), 2 as number),
      says: 'prod: axis 2 of a tensor with 2 axes; must be within -2 … 1',
    },
  ],
});

describe.each(engines)('prod on $name', ({ use }) => {
  it('has the exact gradient where elements are 0', () => {
    use();
    const gradient = (values: number[]) => grad((x) => prod(x))(tensor(values)).toArray();
    expect(gradient([2, 0, 3])).toEqual([0, 6, 0]);
    expect(gradient([0, 0, 3])).toEqual([0, 0, 0]);
  });

  it('multiplies integers beyond 2^31 on the way to 0', () => {
    use();
    expect(prod(tensor([65536, 65536, 65536, 0], { dtype: 'int32' })).item()).toBe(0);
  });
});
