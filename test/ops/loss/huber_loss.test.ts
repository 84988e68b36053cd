import { huberLoss, l1Loss, mseLoss, ones, randn } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { mismatch, paired, samples } from '../../losses.js';

spec('huberLoss', huberLoss, {
  reference: paired((x, t, { delta = 1 }) => {
    const d = Math.abs(x - t);
    return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2);
  }),
  samples: [...samples(), ...samples(undefined, undefined, { delta: 0.3 })],
  errors: [
    mismatch('huberLoss', huberLoss),
    {
      call: () => huberLoss(ones([1]), ones([1]), { delta: 0 }),
      says: 'huberLoss: delta must be a number > 0; got 0',
    },
  ],
});

describe.each(engines)('losses of elements on $name', ({ use }) => {
  it.each(Object.entries({ mseLoss, l1Loss, huberLoss }))(
    '%s of more elements than a thread takes at once',
    (_, loss) => {
      use();
      const [x, t] = [randn([70_003]), randn([70_003])];
      const each = loss(x, t, { reduction: 'none' });
      expect(loss(x, t).item()).toBeCloseTo(each.mean().item(), 5);
      expect(loss(x, t, { reduction: 'sum' }).item() / each.sum().item()).toBeCloseTo(1, 5);
    },
  );
});
