import { argmin } from 'adjoint';
import { spec } from '../../harness.js';
import { position, positionSamples, reducing } from '../../reduction.js';

spec('argmin', argmin, {
  reference: reducing(position((a, b) => a < b || Number.isNaN(a))),
  samples: positionSamples,
  differentiable: false,
});
