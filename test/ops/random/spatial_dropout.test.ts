import { Generator, ones, spatialDropout } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec } from '../../harness.js';

spec('spatialDropout', spatialDropout as never, {
  reference: elementwise((x) => x),
  samples: [
    { operands: [{ shape: [2, 3, 4] }], args: [1, 0.5, { training: false }] },
    { operands: [{ shape: [3, 2, 2] }], args: [2, 0] },
    { operands: [{ shape: [0, 3, 4] }], args: [1, 0.5] },
  ],
  errors: [
    {
      call: () => spatialDropout(ones([3, 4]), 2),
      says: 'spatialDropout: x must have 3 or 4 axes, 2 of them positions; got [3, 4]',
    },
    {
      call: () => spatialDropout(ones([3, 4]), 1, 2),
      says: 'spatialDropout: p must be within 0 … 1; got 2',
    },
    { call: () => spatialDropout(ones([3, 4]), 0), says: 'spatialDropout: axes must be a whole number ≥ 1; got 0' },
  ],
});

it('spatialDropout keeps or drops a channel as a whole, in each sample by itself', () => {
  const y = spatialDropout(ones([20, 30, 2, 3]), 2, 0.25, { generator: new Generator(1) });
  const channels = y.reshape([600, 6]).toArray();
  for (const channel of channels) expect(new Set(channel).size).toBe(1);
  const kept = channels.filter(([first]) => first > 0);
  expect(kept.length / 600).toBeCloseTo(0.75, 1);
  expect(kept[0][0]).toBeCloseTo(4 / 3, 6);
  expect(new Set(y.slice(0).data())).toEqual(new Set(y.slice(1).data()));
});
