import { importanceLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { spec } from '../../harness.js';

spec('importanceLoss', importanceLoss, {
  reference: ([{ shape, data }]) => {
    const experts = shape[shape.length - 1];
    const importance = Array.from({ length: experts }, (_, e) =>
      data.reduce((sum, gate, i) => (i % experts === e ? sum + gate : sum), 0),
    );
    const mean = importance.reduce((a, b) => a + b, 0) / experts;
    const variance = importance.reduce((sum, x) => sum + (x - mean) ** 2, 0) / experts;
    return { shape: [], data: [variance / (mean ** 2 + 1e-10)] };
  },
  samples: [
    { operands: [{ shape: [5, 3], range: [0, 1] }] },
    { operands: [{ shape: [2, 3, 4], range: [0, 1] }] },
    { operands: [{ shape: [2], range: [0.1, 1] }] },
    { operands: [{ shape: [0, 3] }], smooth: false },
  ],
  slack: 8,
  errors: [
    { call: () => importanceLoss(ones([])), says: 'importanceLoss: gates must have the axes [..., experts]; got []' },
  ],
});

it('importanceLoss is 0 where experts are used alike, and experts − 1 where one is used alone', () => {
  expect(importanceLoss(tensor([[1, 0], [0, 1]])).item()).toBe(0); // biome-ignore format: rows of gates
  expect(importanceLoss(tensor([[1, 0, 0], [1, 0, 0]])).item()).toBeCloseTo(2, 6); // biome-ignore format: rows of gates
});
