import { mish } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('mish', mish, {
  reference: elementwise((x: number) => x * Math.tanh(Math.log1p(Math.exp(x)))),
  samples: unarySamples(),
});
