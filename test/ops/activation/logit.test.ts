import { logit } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('logit', logit, {
  reference: elementwise((x: number) => Math.log(x / (1 - x))),
  samples: unarySamples([0.1, 0.9]),
  slack: 4,
});
