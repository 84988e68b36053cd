import { all } from 'adjoint';
import { spec } from '../../harness.js';
import { reducing, truthSamples } from '../../reduction.js';

spec('all', all, {
  reference: reducing((v) => Number(v.every((x) => x !== 0))),
  samples: truthSamples,
  differentiable: false,
});
