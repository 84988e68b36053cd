import { grad, std, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reducing } from '../../reduction.js';
import { varianceOf, varianceSamples } from './variance.js';

spec('std', std, {
  reference: (operands: Plain[], axis, options: { correction?: number; keepDims?: boolean } = {}) =>
    reducing((values) => Math.sqrt(varianceOf(values, options.correction ?? 1)))(operands, axis, options),
  samples: [...varianceSamples, { operands: [{ shape: [4, 3] }], args: [0, { correction: 0 }] }],
  slack: 4,
});

it('std: passes gradient 0 where the deviation is 0', () => {
  expect(grad((x) => std(x))(tensor([2, 2, 2])).toArray()).toEqual([0, 0, 0]);
});
