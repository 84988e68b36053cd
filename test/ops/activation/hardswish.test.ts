import { hardswish } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('hardswish', hardswish, {
  reference: elementwise((x: number) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6),
  samples: unarySamples([-5, 5]),
});
