import { complex, tensor, viewAsReal, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';

spec('complex', (re, im) => viewAsReal(complex(re, im)), {
  reference: ([re, im]) => ({ shape: [...re.shape, 2], data: re.data.flatMap((each, i) => [each, im.data[i]]) }),
  samples: [[], [3], [0], [2, 5]].map((shape) => ({ operands: [{ shape }, { shape }] })),
  errors: [
    {
      call: () => complex(zeros([2]), zeros([3]) as never),
      says: 'complex: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
  ],
});

it('complex takes numbers, and broadcasts', () => {
  expect(complex(0, tensor([[1], [2]])).toArray()).toEqual([[{ re: 0, im: 1 }], [{ re: 0, im: 2 }]]);
  expect(complex(tensor([1], { dtype: 'float64' }), tensor([1])).dtype).toBe('complex128');
});
