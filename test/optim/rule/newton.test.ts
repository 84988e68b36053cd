import { capture, type Tensor, tensor } from 'adjoint';
import { Newton, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';
import { message } from '../../message.js';
import { rosenbrock } from '../../optimizer_spec.js';

const at = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' }).requireGrad();

describe.each(engines)('Newton on $name', ({ use }) => {
  it('minimises a quadratic in one step, whatever its parameters are called', () => {
    use();
    const [x, y] = [at(3, -2), at(5).reshape([1, 1]).detach().requireGrad()];
    const loss = (): Tensor =>
      x
        .square()
        .mul(2)
        .sum()
        .add(y.sub(x.slice(0)).square().sum());
    const first = new Newton([x, y]).step(loss);
    expect(first.item()).toBeCloseTo(2 * 9 + 2 * 4 + 4, 12);
    for (const value of [...x.data(), ...y.data()]) expect(Math.abs(value)).toBeLessThan(1e-12);
    expect([x.grad, x.node]).toEqual([null, null]);
  });

  it("finds Rosenbrock's minimum in a few steps", () => {
    use();
    const p = at(0, 1);
    const optimizer = new Newton([p], { saddleFree: true });
    for (let i = 0; i < 20; i++) optimizer.step(() => rosenbrock(p));
    const [x, y] = p.data();
    expect(Math.hypot(x - 1, y - 1)).toBeLessThan(1e-9);
  });

  it('goes to a saddle point, or away from it', () => {
    use();
    const saddle = (p: Tensor): Tensor => p.slice(0).square().sub(p.slice(1).square());
    const [p, q] = [at(1, 0.5), at(1, 0.5)];
    new Newton([p]).step(() => saddle(p));
    expect([...p.data()]).toEqual([0, 0]);
    new Newton([q], { saddleFree: true }).step(() => saddle(q));
    expect([...q.data()]).toEqual([0, 1]);
  });

  it('captured gives the bits of eager steps, with a schedule', () => {
    use();
    const run = (wrap: typeof capture): number[] => {
      const p = at(0.5, 1);
      const optimizer = new Newton([p], { damping: 0.5, saddleFree: true });
      const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
      const step = wrap(() => {
        optimizer.step(() => rosenbrock(p));
        schedule.step();
      });
      for (let i = 0; i < 5; i++) step();
      return [...p.data()];
    };
    expect(run(capture)).toEqual(run(((step: unknown) => step) as typeof capture));
  });
});

it('Newton steps by groups', () => {
  const [a, b] = [at(2), at(2)];
  new Newton([{ parameters: [a] }, { parameters: [b], lr: 0.5 }]).step(() => a.square().add(b.square()).sum());
  expect([a.item(), b.item()]).toEqual([0, 1]);
});

it('Newton refuses what it cannot do', () => {
  const p = at(1, 2);
  expect(message(() => new Newton([p], { damping: -1 }))).toBe(
    'ValueError Newton: damping must be a finite number ≥ 0; got -1',
  );
  expect(message(() => new Newton([p]).step(undefined as never))).toBe(
    'StateError Newton.step: a closure is needed, for the loss is differentiated twice; got undefined; pass one that computes the loss alone',
  );
  expect(message(() => new Newton([p]).step(() => p.slice(0).square()))).toBe(
    'StateError Newton.step: the Hessian must be invertible; got the eigenvalue 0; give a damping above 0',
  );
});
