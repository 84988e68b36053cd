import { relu6 } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('relu6', relu6, {
  reference: elementwise((x: number) => Math.min(Math.max(x, 0), 6)),
  samples: unarySamples([-3, 9]),
});
