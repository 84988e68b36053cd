import { logSigmoid } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const reference = (x: number) => -Math.log1p(Math.exp(-Math.abs(x))) + Math.min(x, 0);
spec('logSigmoid', logSigmoid, { reference: elementwise(reference), samples: unarySamples() });
unaryClaims('logSigmoid', logSigmoid, { reference, integers: 'float32', also: [-800, 800] });
