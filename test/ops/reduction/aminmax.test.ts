import { aminmax, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';
import { axisErrors, reducing, reductionSamples } from '../../reduction.js';

spec('aminmax', (x: Tensor, ...rest: [number]) => aminmax(x, ...rest).max, {
  reference: reducing((values) => Math.max(...values)),
  samples: reductionSamples({ ofNone: false }),
  errors: [
    ...axisErrors('aminmax', (x: Tensor, axis: number) => aminmax(x, axis).min, tensor([[1, 2]])),
    {
      call: () => aminmax(tensor([[], []]), 1),
      says: 'aminmax: there is none of zero elements; got shape [2, 0], axes [1]; check that the input is not empty',
    },
  ],
});
spec('aminmax and its smallest', (x: Tensor, ...rest: [number]) => aminmax(x, ...rest).min, {
  reference: reducing((values) => Math.min(...values)),
  samples: reductionSamples({ ofNone: false }),
});

it('aminmax: both are NaN where one element is', () => {
  const { min, max } = aminmax(tensor([1, NaN, 2]));
  expect([min.item(), max.item()]).toEqual([NaN, NaN]);
});
