import { any } from 'adjoint';
import { reducing, truthSamples } from '../../axes.js';
import { spec } from '../../harness.js';

spec('any', any, {
  reference: reducing((v) => Number(v.some((x) => x !== 0))),
  samples: truthSamples,
  differentiable: false,
});
