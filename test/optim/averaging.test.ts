import { capture, nn, noGrad, randn, seed, type Tensor, tensor } from 'adjoint';
import { type Averaging, EMA, SGD, SWA } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';

const rules: [string, (p: Iterable<Tensor>) => Averaging, number[]][] = [
  ['EMA', (p) => new EMA(p, { decay: 0.5 }), [2, 3, 5.5]],
  ['SWA', (p) => new SWA(p), [2, 3, 14 / 3]],
];

describe.each(engines)('averages on $name', ({ use }) => {
  it.each(rules)('%s after 2, 4 and 8', (_, make, expected) => {
    use();
    const p = tensor([0, 1], { dtype: 'float64' }).requireGrad();
    const averages = make([p]);
    [2, 4, 8].forEach((value, i) => {
      p.assign(tensor([value, -value], { dtype: 'float64' }));
      averages.update();
      averages.swap();
      [...p.data()].forEach((average, j) => {
        expect(average).toBeCloseTo(j === 0 ? expected[i] : -expected[i], 14);
      });
      averages.swap();
      expect([...p.data()]).toEqual([value, -value]);
    });
    expect(averages.updates).toBe(3);
    averages.write();
    expect(p.slice(0).item()).toBeCloseTo(expected[2], 14);
  });

  it.each(rules)('%s captured gives the bits of eager steps', (_, make) => {
    use();
    const run = (wrap: typeof capture): number[] => {
      const p = tensor([1, -2, 3]).requireGrad();
      const optimizer = new SGD([p], { lr: 0.1 });
      const averages = make([p]);
      const step = wrap(() => {
        p.grad = p.mul(0.3);
        optimizer.step();
        averages.update();
      });
      for (let i = 0; i < 6; i++) step();
      expect(averages.updates).toBe(6);
      averages.write();
      return [...p.data()];
    };
    expect(run(capture)).toEqual(run(((step: unknown) => step) as typeof capture));
  });

  it.each(rules)('%s goes on where it was saved', (_, make) => {
    use();
    const run = (interrupted: boolean): number[] => {
      const p = tensor([1, -2]).requireGrad();
      let averages = make([p]);
      for (let i = 0; i < 4; i++) {
        if (interrupted && i === 2) {
          const { updates, tensors } = averages.stateDict();
          averages = make([p]);
          averages.loadStateDict({ updates: JSON.parse(JSON.stringify(updates)), tensors });
        }
        p.assign(p.detach().mul(1.7));
        averages.update();
      }
      averages.write();
      return [...p.data()];
    };
    expect(run(true)).toEqual(run(false));
  });
});

describe('averages', () => {
  it('have running statistics recomputed where they take the place of the parameters', () => {
    seed(1);
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4, { momentum: 1 }));
    const x = randn([64, 3]);
    const swa = new SWA(model.parameters(), { recalibrate: () => noGrad(() => model.train().forward(x)) });
    const [weight] = model.parameters();
    weight.assign(weight.detach().mul(5));
    swa.update();
    weight.assign(weight.detach().mul(3));
    model.forward(x);
    swa.swap();
    // Normalised by its own statistics again: mean 0, variance 1 in every channel.
    const y = noGrad(() => model.eval().forward(x));
    for (const mean of y.mean(0).data()) expect(Math.abs(mean)).toBeLessThan(1e-5);
    for (const variance of y.square().mean(0).data()) expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it('refuse what would mix them with the parameters', () => {
    const p = tensor([1, 2]).requireGrad();
    const ema = new EMA([p]);
    const state = ema.stateDict();
    ema.swap();
    for (const method of ['update', 'write', 'stateDict'] as const) {
      expect(message(() => ema[method]())).toBe(
        `StateError EMA.${method}: the averages are in the parameters' place; call swap() before`,
      );
    }
    ema.swap();
    expect(message(() => new EMA([]))).toBe(
      'ValueError EMA: there must be parameters, which are tensors; pass model.parameters()',
    );
    expect(message(() => new EMA([p], { decay: 1 }))).toBe('ValueError EMA: decay must be a number ≥ 0 and < 1; got 1');
    expect(message(() => ema.loadStateDict({ ...state, updates: -1 }))).toBe(
      'FormatError EMA.loadStateDict: updates must be a whole number ≥ 0; got -1',
    );
    expect(message(() => ema.loadStateDict({ updates: 0, tensors: {} }))).toBe(
      'FormatError EMA.loadStateDict: there are 1 parameters, in the state 0',
    );
    expect(message(() => ema.loadStateDict({ updates: 0, tensors: { a: p } }))).toBe(
      'FormatError EMA.loadStateDict: 0 must be a tensor; got undefined',
    );
    expect(message(() => ema.loadStateDict({ updates: 0, tensors: { 0: tensor([1]) } }))).toBe(
      'ShapeError EMA.loadStateDict: 0 must have the shape [2]; got [1]',
    );
  });
});
