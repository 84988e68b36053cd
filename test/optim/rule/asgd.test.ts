import { capture, tensor } from 'adjoint';
import { ASGD } from 'adjoint/optim';
import { expect, it } from 'vitest';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('ASGD', {
  make: (p, options) => new ASGD(p, options),
  variants: { plain: { lr: 0.1, weightDecay: 0.1 }, upwards: { lr: 0.1, t0: 2, lambd: 0.1, maximize: true } },
  golden: { asgd: { lr: 0.01 } },
  quadratic: { options: { lr: 0.1, lambd: 0 }, steps: 100 },
  rosenbrock: { options: { lr: 1e-3, lambd: 0 }, steps: 10_000, below: 1e-1 },
  errors: [{ options: { t0: -1 }, says: 'ValueError ASGD: t0 must be a finite number ≥ 0; got -1' }],
});

it('ASGD averages from step t0 on', () => {
  const p = tensor([0], { dtype: 'float64' }).requireGrad();
  const optimizer = new ASGD([p], { lr: 1, lambd: 0, t0: 1 });
  const averages = [1, 2, 3, 4].map(() => {
    p.grad = tensor([-1], { dtype: 'float64' });
    optimizer.step();
    return optimizer.stateDict().tensors['0.ax'].item();
  });
  // The parameters are 1, 2, 3, 4; the mean begins anew with the step behind t0 + 1.
  expect(p.item()).toBe(4);
  expect(averages).toEqual([1, 2, 3, 3.5]);
});

it('ASGD begins to average within a captured step', () => {
  const p = tensor([0], { dtype: 'float64' }).requireGrad();
  const optimizer = new ASGD([p], { lr: 1, lambd: 0, t0: 2 });
  const step = capture(() => {
    p.grad = tensor([-1], { dtype: 'float64' });
    optimizer.step();
  });
  const averages = [1, 2, 3, 4, 5, 6].map(() => {
    step();
    return optimizer.stateDict().tensors['0.ax'].item();
  });
  // The parameters are 1 … 6.
  expect(averages).toEqual([1, 2, 3, 4, 4.5, 5]);
});
