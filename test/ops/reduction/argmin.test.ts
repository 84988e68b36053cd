import { argmin } from 'adjoint';
import { position, positionSamples, reducing } from '../../axes.js';
import { spec } from '../../harness.js';

spec('argmin', argmin, {
  reference: reducing(position((a, b) => a < b || Number.isNaN(a))),
  samples: positionSamples,
  differentiable: false,
});
