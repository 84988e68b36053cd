import { hardsigmoid } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const reference = (x: number) => Math.min(Math.max(x + 3, 0), 6) / 6;
spec('hardsigmoid', hardsigmoid, { reference: elementwise(reference), samples: unarySamples([-5, 5]) });
unaryClaims('hardsigmoid', hardsigmoid, { reference, integers: 'float32' });
