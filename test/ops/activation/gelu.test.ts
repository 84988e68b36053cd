import { gelu, tensor } from 'adjoint';
import { elementwise, spec, unarySamples } from '../../harness.js';

/** Φ by Simpson's rule on the density, 2000 steps from 0. */
function normalDistribution(x: number): number {
  const n = 2000;
  const h = x / n;
  let total = 0;
  for (let i = 0; i <= n; i++) total += (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * Math.exp(-((i * h) ** 2) / 2);
  return 0.5 + ((h / 3) * total) / Math.sqrt(2 * Math.PI);
}

spec('gelu', gelu, {
  reference: ([x], { approximate = 'none' } = {}) =>
    elementwise((v) =>
      approximate === 'none'
        ? v * normalDistribution(v)
        : (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))),
    )([x]),
  samples: [
    ...unarySamples(),
    ...unarySamples([-4, 4]).map((sample) => ({ ...sample, args: [{ approximate: 'tanh' }] })),
    { operands: [{ shape: [9], dtype: 'int32', range: [-3, 3] }] },
  ],
  slack: 2,
  errors: [
    {
      call: () => gelu([1] as never, { approximate: 'tanh' }),
      says: 'gelu: an operand must be a tensor; got an array; make one with tensor(…)',
    },
    {
      call: () => gelu(tensor([1]), { approximate: 'sigmoid' as 'tanh' }),
      says: "gelu: approximate must be 'none' or 'tanh'; got 'sigmoid'",
    },
  ],
});
