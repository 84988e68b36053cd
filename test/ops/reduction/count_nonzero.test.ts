import { countNonzero, tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { axisErrors, reducing, truthSamples } from '../../reduction.js';

spec('countNonzero', countNonzero, {
  reference: reducing((values) => values.filter((x) => x !== 0).length),
  samples: truthSamples,
  differentiable: false,
  errors: axisErrors('countNonzero', countNonzero, tensor([[1, 2]])),
});
