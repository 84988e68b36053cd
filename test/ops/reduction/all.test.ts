import { all } from 'adjoint';
import { reducing, truthSamples } from '../../axes.js';
import { spec } from '../../harness.js';

spec('all', all, {
  reference: reducing((v) => Number(v.every((x) => x !== 0))),
  samples: truthSamples,
  differentiable: false,
});
