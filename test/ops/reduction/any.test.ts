import { any } from 'adjoint';
import { spec } from '../../harness.js';
import { reducing, truthSamples } from '../../reduction.js';

spec('any', any, {
  reference: reducing((v) => Number(v.some((x) => x !== 0))),
  samples: truthSamples,
  differentiable: false,
});
