import { silu } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('silu', silu, { reference: elementwise((x: number) => x / (1 + Math.exp(-x))), samples: unarySamples() });
