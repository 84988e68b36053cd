import { softsign } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('softsign', softsign, { reference: elementwise((x: number) => x / (1 + Math.abs(x))), samples: unarySamples() });
