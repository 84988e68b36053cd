import { bilinear, nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Bilinear', {
  make: (options) => new nn.Bilinear(3, 2, 2, options),
  inputs: [[2], [1], [0]].map((before) => ({
    operands: [{ shape: [...before, 3] }, { shape: [...before, 2] }],
  })),
  equals: ({ weight, bias }, x1, x2) => bilinear(x1, x2, weight, bias as Tensor),
  text: 'Bilinear(in1Features=3, in2Features=2, outFeatures=2)',
  errors: [{ call: () => new nn.Bilinear(3, 0, 2), says: 'Bilinear: in2Features must be a whole number ≥ 1; got 0' }],
  golden: {
    file: 'linear',
    cases: /^bilinear/,
    model: ({ weights }, dtype) => {
      const [out, in1, in2] = weights['weight'].shape;
      return new nn.Bilinear(in1, in2, out, { dtype });
    },
  },
});
