import { clamp, grad, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('clamp', clamp, {
  reference: ([x], { min = -Infinity, max = Infinity }) => elementwise((v) => Math.min(Math.max(v, min), max))([x]),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [{ min: -1, max: 0.5 }] })),
    { operands: [{ shape: [9] }], args: [{ min: 0.25 }] },
    { operands: [{ shape: [9] }], args: [{ max: -0.25 }] },
    { operands: [{ shape: [9] }], args: [{ min: 1, max: -1 }] },
    {
      operands: [{ shape: [3], values: [Number.NaN, Infinity, -Infinity] }],
      args: [{ min: -1, max: 1 }],
      smooth: false,
    },
    { operands: [{ shape: [9], dtype: 'int32' }], args: [{ min: -2, max: 3 }] },
    { operands: [{ shape: [9], dtype: 'uint8' }], args: [{ min: 2 }] },
  ],
  errors: [
    { call: () => clamp(tensor([1]), {}), says: 'clamp: at least one of min and max is needed; got neither' },
    {
      call: () => clamp(tensor([true]), { min: 0 }),
      says: "clamp: a bool tensor has no bounds; convert with to('int32')",
    },
  ],
});

it('clamp: passes the whole gradient at the bounds', () => {
  const gradient = grad((x) => clamp(x, { min: -1, max: 1 }).sum());
  expect(gradient(tensor([-2, -1, 0, 1, 2])).toArray()).toEqual([0, 1, 1, 1, 0]);
});

it('clamp: has gradient 0 where the bounds cross, at the upper one too', () => {
  const gradient = grad((x) => clamp(x, { min: 1, max: -1 }).sum());
  expect(gradient(tensor([-2, -1, 0, 1, 2])).toArray()).toEqual([0, 0, 0, 0, 0]);
});
