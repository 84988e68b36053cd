import { tensor, threshold } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('threshold', threshold, {
  reference: ([x], at, value = 0) => elementwise((v) => (v > at ? v : value))([x]),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [0.3] })),
    { operands: [{ shape: [9] }], args: [-0.5, 7] },
  ],
  errors: [
    {
      call: () => threshold(tensor([1]), Number.NaN),
      says: 'threshold: threshold must be a finite number; got NaN',
    },
    {
      call: () => threshold(tensor([1]), 0, Number.POSITIVE_INFINITY),
      says: 'threshold: value must be a finite number; got Infinity',
    },
  ],
});
