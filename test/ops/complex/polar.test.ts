import { polar, viewAsReal } from 'adjoint';
import { spec } from '../../harness.js';

spec('polar', (r, phi) => viewAsReal(polar(r, phi)), {
  reference: ([r, phi]) => ({
    shape: [...r.shape, 2],
    data: r.data.flatMap((each, i) => [each * Math.cos(phi.data[i]), each * Math.sin(phi.data[i])]),
  }),
  samples: [[], [3], [0], [2, 5]].map((shape) => ({ operands: [{ shape }, { shape }] })),
});
