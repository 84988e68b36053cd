import { selu } from 'adjoint';
import { unaryClaims } from '../../elementwise.js';
import { elementwise, spec, unarySamples } from '../../harness.js';

const reference = (x: number) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
spec('selu', selu, { reference: elementwise(reference), samples: unarySamples() });
unaryClaims('selu', selu, { reference, integers: 'float32', also: [-800, 800] });
