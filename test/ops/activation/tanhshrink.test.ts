import { tanhshrink } from 'adjoint';

import { elementwise, spec, unarySamples } from '../../harness.js';

spec('tanhshrink', tanhshrink, { reference: elementwise((x: number) => x - Math.tanh(x)), samples: unarySamples() });
