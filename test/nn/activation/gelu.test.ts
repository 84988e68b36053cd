import { gelu, nn, ones } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GELU', {
  make: () => new nn.GELU(),
  inputs: [[2, 3], [], [1], [0, 3]],
  equals: (_, x) => gelu(x),
  text: "GELU(approximate='none')",
  errors: [
    {
      call: () => new nn.GELU({ approximate: 'erf' as never }).forward(ones([2])),
      says: "gelu: approximate must be 'none' or 'tanh'; got 'erf'",
    },
  ],
});

moduleSpec('GELU by tanh', {
  make: () => new nn.GELU({ approximate: 'tanh' }),
  inputs: [
    [2, 3],
    [0, 1],
  ],
  equals: (_, x) => gelu(x, { approximate: 'tanh' }),
  text: "GELU(approximate='tanh')",
});
