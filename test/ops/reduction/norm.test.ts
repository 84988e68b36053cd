import { grad, norm, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reducing, reductionSamples } from '../../reduction.js';

const pNorm = (values: number[], p: number): number =>
  p === Infinity
    ? Math.max(0, ...values.map(Math.abs))
    : values.reduce((total, x) => total + Math.abs(x) ** p, 0) ** (1 / p);

spec('norm', norm, {
  reference: (operands: Plain[], axis, options: { p?: number; keepDims?: boolean } = {}) =>
    reducing((values) => pNorm(values, options.p ?? 2))(operands, axis, options),
  samples: [
    ...reductionSamples(),
    ...[1, 1.5, 3, Infinity].map((p) => ({ operands: [{ shape: [3, 4] }], args: [1, { p, keepDims: true }] })),
    { operands: [{ shape: [2, 0] }], args: [1, { p: Infinity }] },
    { operands: [{ shape: [3], dtype: 'int32' as const, values: [3, 4, 0] }] },
  ],
  slack: 4,
  errors: [{ call: () => norm(tensor([1]), 0, { p: 0 }), says: 'norm: p must be ≥ 1 or Infinity; got 0' }],
});

it.each([1, 2, 3, Infinity])('norm with p = %d: passes gradient 0 at 0', (p) => {
  expect(grad((x) => norm(x, undefined, { p }))(tensor([0, 0])).toArray()).toEqual([0, 0]);
});
