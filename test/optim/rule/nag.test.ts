import { tensor } from 'adjoint';
import { NAG } from 'adjoint/optim';
import { expect, it } from 'vitest';
import { message } from '../../message.js';
import { optimizerSpec, parameter } from '../../optimizer_spec.js';

optimizerSpec('NAG', {
  make: (p, options) => new NAG(p, options),
  variants: { plain: { lr: 0.1, weightDecay: 0.1 }, upwards: { lr: 0.1, momentum: 0.5, maximize: true } },
  quadratic: { options: { lr: 0.1, momentum: 0.5 }, steps: 60 },
  rosenbrock: { options: { lr: 1e-3 }, steps: 1000, below: 1e-2 },
  errors: [{ options: { momentum: -1 }, says: 'ValueError NAG: momentum must be a finite number ≥ 0; got -1' }],
});

it('NAG asks for the gradient where the momentum leads', () => {
  const w = tensor([1], { dtype: 'float64' }).requireGrad();
  const optimizer = new NAG([w], { lr: 0.1, momentum: 0.5 });
  const seen: number[] = [];
  for (let i = 0; i < 3; i++) {
    optimizer.step(() => {
      seen.push(w.item());
      optimizer.zeroGrad();
      const loss = w.square().mul(0.5).sum();
      loss.backward();
      return loss;
    });
  }
  // v = −0.1, −0.135, −0.14400 …: 1, then 0.9 − 0.05, then 0.765 − 0.0675
  [1, 0.85, 0.6975].forEach((want, i) => {
    expect(seen[i]).toBeCloseTo(want, 12);
  });
});

it('NAG leaves the parameters where a closure fails, and those without a gradient', () => {
  const [a, b] = [parameter([2]), parameter([3])];
  const optimizer = new NAG([a, b], { lr: 0.1 });
  const step = (): void => {
    optimizer.step(() => {
      a.grad = tensor([1, 2]);
      return tensor(0);
    });
  };
  b.grad = tensor([1, 2, 3]);
  step();
  b.grad = null;
  const before = [[...a.data()], [...b.data()]];
  expect(
    message(() =>
      optimizer.step(() => {
        throw new Error('no data');
      }),
    ),
  ).toBe('Error no data');
  expect([[...a.data()], [...b.data()]]).toEqual(before);
  step();
  expect([...b.data()]).toEqual(before[1]);
});

it('NAG refuses a step without a closure', () => {
  expect(message(() => new NAG([parameter([2])]).step(undefined as never))).toBe(
    'StateError NAG.step: a closure is needed, for the gradient is that of another place; got undefined; pass one that does zeroGrad, the loss and backward, and returns the loss',
  );
});
