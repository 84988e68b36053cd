import { atan2 } from 'adjoint';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

spec('atan2', atan2, { reference: broadcasting(Math.atan2), samples: binarySamples([0.3, 2], [-2, 2]) });
binaryClaims('atan2', atan2, { reference: Math.atan2, integers: 'float32' });
