import { gelu, ones } from 'adjoint';
import { erf } from '../../lib/backend/reference/elementwise.js';
import { elementwise, spec, unarySamples } from '../harness.js';

const withArgs = (args: unknown[]) => unarySamples([-4, 4]).map((sample) => ({ ...sample, args }));

spec('gelu', gelu as never, {
  reference: elementwise((x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2))),
  samples: unarySamples([-4, 4]),
  errors: [
    {
      call: () => gelu(ones([2]), { approximate: 'erf' as never }),
      says: "gelu: approximate must be 'none' or 'tanh'; got 'erf'",
    },
  ],
});

spec("gelu with approximate 'tanh'", gelu as never, {
  reference: elementwise((x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))),
  samples: withArgs([{ approximate: 'tanh' }]),
});
