import { type Tensor, tensor } from 'adjoint';
import { LBFGS, type LBFGSOptions } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { expectClose, read, toTensor } from './golden.js';

/* Traces of PyTorch's L-BFGS, made by lbfgs.py beside this file. */

interface Recorded {
  shape: number[];
  data: number[];
}
interface LBFGSCase {
  name: string;
  initial: Record<'w' | 'v', Recorded>;
  trace: { loss: number; calls: number; params: Record<'w' | 'v', Recorded> }[];
}

const options: Record<string, Partial<LBFGSOptions>> = {
  fixed: { lr: 0.5, maxIter: 4 },
  'short history': { lr: 0.5, maxIter: 5, historySize: 2 },
  'one iteration': { lr: 0.3, maxIter: 1 },
  'few calls': { lr: 0.5, maxIter: 9, maxEval: 3 },
};

const c = tensor([0.25, 0.5, -1], { dtype: 'float64' });
const d = tensor(
  [
    [1, 2],
    [-0.5, 0.75],
  ],
  { dtype: 'float64' },
);
const objective = (w: Tensor, v: Tensor): Tensor =>
  w.sub(c).cosh().sum().add(w.sum().mul(v.sum()).square().mul(0.1)).add(v.sub(d).square().sum());

const cases = read<LBFGSCase>('lbfgs');

describe.each(engines)('L-BFGS as PyTorch takes its steps, on $name', ({ use }) => {
  const problem = ({ initial }: LBFGSCase, given: Partial<LBFGSOptions>) => {
    const [w, v] = [initial.w, initial.v].map((values) => toTensor(values, 'float64').requireGrad());
    const optimizer = new LBFGS([w, v], given);
    let calls = 0;
    const step = (): number =>
      optimizer
        .step(() => {
          calls++;
          optimizer.zeroGrad();
          const loss = objective(w, v);
          loss.backward();
          return loss;
        })
        .item();
    return { w, v, step, calls: () => calls };
  };

  it.each(Object.entries(options))('without a line search: %s', (name, given) => {
    use();
    const recorded = cases.find((each) => each.name === name) as LBFGSCase;
    const { w, v, step, calls } = problem(recorded, { lineSearch: null, ...given });
    recorded.trace.forEach(({ loss, params, ...want }, i) => {
      expect(Math.abs(step() / loss - 1), `loss of step ${i}`).toBeLessThan(1e-11);
      expect(calls(), `calls up to step ${i}`).toBe(want.calls);
      expectClose(`w after step ${i}`, w, params.w, 'float64');
      expectClose(`v after step ${i}`, v, params.v, 'float64');
    });
  });

  it('with a line search: the same minimum, by no more calls', () => {
    use();
    const recorded = cases.find(({ name }) => name === 'strong Wolfe') as LBFGSCase;
    const { w, v, step, calls } = problem(recorded, { maxIter: 30, toleranceChange: 0, toleranceGrad: 1e-10 });
    step();
    const { loss, params, ...want } = recorded.trace[1];
    expect(Math.abs(step() / loss - 1)).toBeLessThan(1e-14);
    expect(calls()).toBeLessThanOrEqual(want.calls);
    [w, v].forEach((x, i) => {
      const minimum = [params.w, params.v][i].data;
      [...x.data()].forEach((value, j) => {
        expect(Math.abs(value - minimum[j])).toBeLessThan(1e-8);
      });
    });
  });
});
