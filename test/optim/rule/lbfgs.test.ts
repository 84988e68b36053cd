import {
  binaryCrossEntropyWithLogits,
  capture,
  concat,
  type DType,
  nn,
  noGrad,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { LBFGS, type LBFGSOptions, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines, randomSequence } from '../../harness.js';
import { message } from '../../message.js';

const vector = (values: number[], dtype: DType = 'float64'): Tensor => tensor(values, { dtype }).requireGrad();

/** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². Source: Rosenbrock 1960; minimum 0 at (1, …, 1). */
function rosenbrock(x: Tensor): Tensor {
  const n = x.size;
  const [a, b] = [x.slice([0, n - 1]), x.slice([1, n])];
  return b.sub(a.square()).square().mul(100).add(a.sub(1).square()).sum();
}

/** Runs steps until the largest element of the gradient is at most `goal`; gives the losses of all calls. */
function minimise(
  f: (...x: Tensor[]) => Tensor,
  parameters: Tensor[],
  { goal = 1e-10, steps = 100, ...options }: Partial<LBFGSOptions> & { goal?: number; steps?: number } = {},
): number[] {
  const optimizer = new LBFGS(parameters, { toleranceChange: 0, toleranceGrad: goal, ...options });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const before = losses.length;
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = f(...parameters);
      loss.backward();
      losses.push(loss.item());
      return loss;
    });
    if (losses.length === before + 1) break;
  }
  return losses;
}

const distance = (x: Tensor, to: (i: number) => number): number =>
  Math.max(...[...x.data()].map((value, i) => Math.abs(value - to(i))));

describe.each(engines)('L-BFGS on $name', ({ use }) => {
  it('minimises a quadratic form of n variables in about n iterations', () => {
    use();
    // Eigenvalues 1 … n: condition n, where steepest descent needs hundreds of steps.
    for (const n of [2, 5, 10]) {
      const scale = tensor(
        Array.from({ length: n }, (_, i) => i + 1),
        { dtype: 'float64' },
      );
      const x = vector(Array.from({ length: n }, (_, i) => 1 + Math.sin(i)));
      const optimizer = new LBFGS([x], { maxIter: 2 * n + 2, toleranceChange: 0, toleranceGrad: 0, maxEval: 1000 });
      optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = x.sub(1).square().mul(scale).sum();
        loss.backward();
        return loss;
      });
      expect(
        distance(x, () => 1),
        `${n} variables`,
      ).toBeLessThan(1e-5);
    }
  });

  it.each([2, 10])('finds the minimum of Rosenbrock’s function of %i variables', (n) => {
    use();
    const x = vector(Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)));
    const losses = minimise(rosenbrock, [x]);
    expect(distance(x, () => 1)).toBeLessThan(1e-10);
    expect(losses.length).toBeLessThan(n === 2 ? 60 : 150);
  });

  it('fits a logistic regression as Newton’s method does', () => {
    use();
    const random = randomSequence(5);
    const rows = Array.from({ length: 40 }, () => [4 * random() - 2, 4 * random() - 2]);
    const labels = rows.map(([a, b]) => Number(a - 0.5 * b + 2 * random() - 1 > 0));
    const w = vector([0, 0]);
    const b = vector([0]);
    const x = tensor(rows, { dtype: 'float64' });
    const y = tensor(labels, { dtype: 'float64' });
    const loss = (w: Tensor, b: Tensor): Tensor =>
      binaryCrossEntropyWithLogits(x.matmul(w).add(b), y).add(w.square().sum().mul(0.01));
    minimise(loss, [w, b]);
    const expected = newton(rows, labels, 0.01);
    expect(distance(concat([w, b]), (i) => expected[i])).toBeLessThan(1e-9);
  });

  it('trains float32 parameters of several shapes down to rounding', () => {
    use();
    const random = randomSequence(2);
    const [w, b] = [vector([0.3, -0.2, 0.5, 0.1], 'float32'), vector([0], 'float32')];
    const x = tensor(Array.from({ length: 20 }, () => [random(), random(), random(), random()]));
    const y = x.matmul(tensor([1, -2, 3, 0.5])).add(0.25);
    const losses = minimise((w, b) => x.matmul(w).add(b).sub(y).square().mean(), [w, b], { goal: 1e-6 });
    expect(losses.at(-1)).toBeLessThan(1e-10);
    expect(distance(concat([w, b]), (i) => [1, -2, 3, 0.5, 0.25][i])).toBeLessThan(1e-4);
    expect(w.dtype).toBe('float32');
  });

  it('goes on along flat directions, and stays where the loss does not depend on a parameter', () => {
    use();
    const [x, y] = [vector([3, -1]), vector([7])];
    // Constant along x₀ = x₁.
    minimise(
      (x) =>
        x
          .slice([0, 1])
          .sub(x.slice([1, 2]))
          .square()
          .sum(),
      [x, y],
    );
    const [a, b] = x.data();
    expect(Math.abs(a - b)).toBeLessThan(1e-9);
    expect(a + b).toBeCloseTo(2, 12);
    expect(y.toArray()).toEqual([7]);
  });

  it('comes back from beyond a function’s domain', () => {
    use();
    // The first step leads to where the logarithm has none; the minimum is at 2.
    const x = vector([0.01]);
    minimise((x) => x.sub(x.log().mul(2)).sum(), [x]);
    expect(distance(x, () => 2)).toBeLessThan(1e-9);
    const y = vector([0.9]);
    const wall = (y: Tensor): Tensor => y.neg().add(1).log().neg().add(y.mul(-1)).sum();
    minimise(wall, [y], { lr: 50 });
    expect(distance(y, () => 0)).toBeLessThan(1e-9);
  });

  it.each([null, 'strongWolfe'] as const)(
    'stopped and resumed gives the bits of a run that went on: %s',
    (lineSearch) => {
      use();
      const make = (x: Tensor, y: Tensor) => {
        const optimizer = new LBFGS([x, y], {
          maxIter: 3,
          lr: lineSearch === null ? 0.2 : 1,
          lineSearch,
          historySize: 4,
        });
        const step = (): number =>
          optimizer
            .step(() => {
              optimizer.zeroGrad();
              const loss = rosenbrock(x.reshape([4]))
                .mul(0.01)
                .add(y.cosh().sum())
                .add(x.sum().mul(y.sum()).mul(0.01));
              loss.backward();
              return loss;
            })
            .item();
        return { optimizer, step };
      };
      const [x, y] = [
        tensor([
          [-1.2, 1],
          [0.5, 2],
        ]).requireGrad(),
        tensor([0.7]).requireGrad(),
      ];
      const whole = make(x, y);
      for (let i = 0; i < 3; i++) whole.step();
      const { tensors, ...rest } = whole.optimizer.stateDict();
      const saved = { ...(JSON.parse(JSON.stringify(rest)) as typeof rest), tensors };
      const [u, v] = [x, y].map((p) => p.detach().clone().requireGrad());
      const losses = [whole.step(), whole.step()];

      const resumed = make(u, v);
      resumed.optimizer.groups[0].historySize = 1;
      resumed.optimizer.loadStateDict(saved);
      expect([resumed.step(), resumed.step()]).toEqual(losses);
      expect(u.data()).toEqual(x.data());
      expect(v.data()).toEqual(y.data());
      expect(Object.keys(tensors).length).toBeGreaterThan(8);
    },
  );

  it('does not depend on how parameters lie in memory', () => {
    use();
    const run = (layout: (x: Tensor) => Tensor): ArrayLike<number> => {
      const x = layout(
        tensor([
          [-1.2, 1, 0.3],
          [0.5, 2, -1],
        ]),
      ).requireGrad();
      minimise((x) => rosenbrock(x.reshape([6])), [x], { steps: 1 });
      return x.data();
    };
    expect(run((x) => x.transpose().clone().transpose())).toEqual(run((x) => x));
  });
});

describe('L-BFGS', () => {
  const quadratic =
    (x: Tensor, optimizer: () => LBFGS, calls: number[] = []) =>
    () => {
      optimizer().zeroGrad();
      const loss = x.square().sum();
      loss.backward();
      calls.push(loss.item());
      return loss;
    };

  it('returns the first loss, and leaves a minimum alone', () => {
    const x = vector([3, 4]);
    const optimizer: LBFGS = new LBFGS([x]);
    expect(optimizer.step(quadratic(x, () => optimizer)).item()).toBe(25);
    const zero = vector([0, 0]);
    const calls: number[] = [];
    const other: LBFGS = new LBFGS([zero]);
    other.step(quadratic(zero, () => other, calls));
    expect(calls).toEqual([0]);
    expect(zero.toArray()).toEqual([0, 0]);
  });

  it('stops by each tolerance and limit', () => {
    const calls = (options: Partial<LBFGSOptions>, start = [-1.2, 1]): number => {
      const x = vector(start);
      const optimizer = new LBFGS([x], { maxIter: 1000, toleranceChange: 0, toleranceGrad: 0, ...options });
      let count = 0;
      optimizer.step(() => {
        count++;
        optimizer.zeroGrad();
        const loss = rosenbrock(x);
        loss.backward();
        return loss;
      });
      return count;
    };
    const all = calls({ toleranceGrad: 1e-10 });
    const coarse = calls({ toleranceGrad: 1 });
    expect(coarse).toBeGreaterThan(1);
    expect(coarse).toBeLessThan(all);
    expect(calls({ toleranceChange: 0.1 })).toBeLessThan(all);
    expect(calls({ maxIter: 1, lineSearch: null })).toBe(1);
    expect(calls({ maxIter: 4, lineSearch: null, lr: 1e-3 })).toBe(4);
    expect(calls({ maxEval: 3, lineSearch: null, lr: 1e-3 })).toBe(3);
    expect(new LBFGS([vector([1])], { maxIter: 8 }).groups[0].maxEval).toBe(10);
  });

  it('takes part in schedules and loops that know any optimiser: all take a closure', () => {
    const x = vector([3]);
    for (const optimizer of [new SGD([x], { lr: 0.25 }), new LBFGS([x])]) {
      const loss: Tensor = optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = x.square().sum();
        loss.backward();
        return loss;
      });
      expect(loss.size).toBe(1);
    }
    expect(distance(x, () => 0)).toBeLessThan(1e-9);
  });

  it('takes a captured closure, with the same bits, but is not captured itself', () => {
    const run = (wrap: (closure: () => Tensor) => () => Tensor) => {
      const [x, y] = [vector([-1.2, 1, 0.5]), vector([2])];
      const optimizer = new LBFGS([x, y]);
      const closure = wrap(() => {
        optimizer.zeroGrad();
        const loss = rosenbrock(x).add(y.sub(x.sum()).square().sum());
        loss.backward();
        return loss;
      });
      return [optimizer.step(closure).item(), optimizer.step(closure).item(), ...x.data(), ...y.data()];
    };
    expect(run((closure) => capture(closure))).toEqual(run((closure) => closure));
    const z = vector([3]);
    const optimizer: LBFGS = new LBFGS([z]);
    expect(message(() => capture(() => optimizer.step(quadratic(z, () => optimizer)))())).toMatch(
      /^StateError capture: a captured step cannot read a value in JavaScript; got item\(\)/,
    );
  });

  it('computes gradients also where the caller records none', () => {
    const x = vector([3, 4]);
    const optimizer: LBFGS = new LBFGS([x]);
    noGrad(() => optimizer.step(quadratic(x, () => optimizer)));
    expect(distance(x, () => 0)).toBeLessThan(1e-9);
  });

  it('forgets its history when other parameters are trained', () => {
    const [a, b] = [vector([-1.2, 1]), vector([3])];
    const optimizer = new LBFGS([a, b], { maxIter: 5 });
    const closure = () => {
      optimizer.zeroGrad();
      const loss = rosenbrock(a).add(b.square().sum());
      loss.backward();
      return loss;
    };
    optimizer.step(closure);
    a.requireGrad(false);
    const frozen = a.toArray();
    b.assign(tensor([5], { dtype: 'float64' }));
    optimizer.step(closure);
    expect(a.toArray()).toEqual(frozen);
    expect(Math.abs(b.item())).toBeLessThan(1e-6);
    expect(Object.keys(optimizer.stateDict().tensors).every((key) => key.startsWith('1.'))).toBe(true);
  });

  it('trains a network that its saved state fits again', () => {
    const model = new nn.Sequential(new nn.Linear(2, 5), new nn.Tanh(), new nn.Linear(5, 1));
    const optimizer = new LBFGS(model.parameters());
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const closure = () => {
      optimizer.zeroGrad();
      const loss = model
        .forward(x)
        .sub(tensor([[0], [1], [1], [0]]))
        .square()
        .mean();
      loss.backward();
      return loss;
    };
    const before = optimizer.step(closure).item();
    optimizer.loadStateDict(optimizer.stateDict());
    expect(optimizer.step(closure).item()).toBeLessThan(before / 2);
  });
});

describe('L-BFGS refuses', () => {
  it('options out of range', () => {
    const make = (options: object) => message(() => new LBFGS([vector([1])], options));
    expect(make({ lr: 0 })).toBe('ValueError LBFGS: lr must be a number > 0; got 0');
    expect(make({ maxIter: 0 })).toBe('ValueError LBFGS: maxIter must be a whole number ≥ 1; got 0');
    expect(make({ maxEval: 1.5 })).toBe('ValueError LBFGS: maxEval must be a whole number ≥ 1; got 1.5');
    expect(make({ toleranceGrad: -1 })).toBe('ValueError LBFGS: toleranceGrad must be a finite number ≥ 0; got -1');
    expect(make({ toleranceChange: NaN })).toBe(
      'ValueError LBFGS: toleranceChange must be a finite number ≥ 0; got NaN',
    );
    expect(make({ historySize: 0 })).toBe('ValueError LBFGS: historySize must be a whole number ≥ 1; got 0');
    expect(make({ lineSearch: 'strong_wolfe' })).toBe(
      "ValueError LBFGS: lineSearch must be 'strongWolfe' or null; got strong_wolfe",
    );
  });

  it('several groups, several dtypes, no closure, no loss', () => {
    const groups = [{ parameters: [vector([1])] }, { parameters: [vector([1])] }] as unknown as Tensor[];
    expect(message(() => new LBFGS(groups))).toBe(
      'ValueError LBFGS: there must be one group of parameters; got 2; give them all in one',
    );
    expect(message(() => new LBFGS([vector([1]), vector([1], 'float32')]))).toBe(
      "DTypeError LBFGS: parameters must have one dtype; got float64 and float32; convert the model with to('float64')",
    );
    const frozen = new LBFGS([vector([1]).requireGrad(false)]);
    expect(message(() => frozen.step(() => tensor(0)))).toBe(
      'StateError LBFGS.step: no parameter requires a gradient; mark those to train with requireGrad()',
    );
    const x = vector([1, 2]);
    const optimizer = new LBFGS([x]);
    expect(message(() => (optimizer as unknown as { step: () => void }).step())).toBe(
      'StateError LBFGS.step: a closure is needed, for a step computes the loss several times; got undefined; pass one that does zeroGrad, the loss and backward, and returns the loss',
    );
    expect(message(() => optimizer.step(() => undefined as unknown as Tensor))).toBe(
      'StateError LBFGS.step: the closure must return the loss, a tensor; got undefined; add a return',
    );
    expect(message(() => optimizer.step(() => x.square()))).toBe(
      'ShapeError LBFGS.step: the loss must have one element; got shape [2]; reduce it (mean, sum)',
    );
  });

  it('a loss that is no number, and goes back to where the step began', () => {
    const x = vector([-1, 2]);
    const optimizer = new LBFGS([x]);
    const root = () => {
      optimizer.zeroGrad();
      const loss = x.sqrt().sum();
      loss.backward();
      return loss;
    };
    expect(message(() => optimizer.step(root))).toBe(
      'StateError LBFGS.step: the loss and its gradient must be finite; got loss NaN and largest gradient NaN after 0 iterations; look for what makes it in the loss, or, without a line search, lower lr',
    );
    const y = vector([1, 2]);
    const wild = new LBFGS([y], { lr: 1e200, lineSearch: null });
    const quartic = () => {
      wild.zeroGrad();
      const loss = y.pow(4).sum();
      loss.backward();
      return loss;
    };
    expect(message(() => wild.step(quartic))).toMatch(/got loss Infinity and largest gradient .* after 1 iterations/);
    expect(y.toArray()).toEqual([1, 2]);
    expect(wild.stateDict().tensors).toEqual({});
    expect(
      message(() =>
        wild.step(() => {
          if (y.data()[0] !== 1) throw new Error('the closure’s own');
          return quartic();
        }),
      ),
    ).toBe('Error the closure’s own');
    expect(y.toArray()).toEqual([1, 2]);
  });

  it('a state that does not fit, and keeps its own', () => {
    const x = vector([-1.2, 1]);
    const optimizer = new LBFGS([x], { maxIter: 3, maxEval: 99 });
    const step = () =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = rosenbrock(x);
        loss.backward();
        return loss;
      });
    step();
    const state = optimizer.stateDict();
    expect(Object.keys(state.tensors)).toEqual(['0.s0', '0.y0', '0.s1', '0.y1', '0.step', '0.gradient']);
    const without = (name: string) => {
      const { [name]: _, ...tensors } = state.tensors;
      return message(() => optimizer.loadStateDict({ ...state, tensors }));
    };
    expect(without('0.y1')).toBe(
      'FormatError LBFGS.loadStateDict: 0.s1 is there, but not 0.y1; was the state changed or cut?',
    );
    expect(without('0.gradient')).toBe(
      'FormatError LBFGS.loadStateDict: 0.step is there, but not 0.gradient; was the state changed or cut?',
    );
    const { '0.s0': _s, '0.y0': _y, ...later } = state.tensors;
    expect(message(() => optimizer.loadStateDict({ ...state, tensors: later }))).toBe(
      'FormatError LBFGS.loadStateDict: 0.s1 is there, but not 0.s0; was the state changed or cut?',
    );
    expect(
      message(() => optimizer.loadStateDict({ ...state, tensors: { '0.s0': zeros([2, 3], { dtype: 'float64' }) } })),
    ).toBe('FormatError LBFGS.loadStateDict: 0.s0 is there, but not 0.y0; was the state changed or cut?');
    expect(optimizer.stateDict().tensors['0.y1'].data()).toEqual(state.tensors['0.y1'].data());
  });
});

/** Newton's method on the mean logistic loss with penalty · |w|², by Gaussian elimination: weights, then the bias. */
function newton(rows: number[][], labels: number[], penalty: number): number[] {
  const inputs = rows.map((row) => [...row, 1]);
  const theta = [0, 0, 0];
  for (let iteration = 0; iteration < 20; iteration++) {
    const system = theta.map((_, i) => [
      ...theta.map((_, j) => (i === j && i < 2 ? 2 * penalty : 0)),
      i < 2 ? 2 * penalty * theta[i] : 0,
    ]);
    inputs.forEach((input, n) => {
      const p = 1 / (1 + Math.exp(-input.reduce((sum, value, i) => sum + value * theta[i], 0)));
      input.forEach((a, i) => {
        for (const [j, b] of input.entries()) system[i][j] += (p * (1 - p) * a * b) / rows.length;
        system[i][3] += ((p - labels[n]) * a) / rows.length;
      });
    });
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) {
        if (k === i) continue;
        const factor = system[k][i] / system[i][i];
        for (let j = i; j < 4; j++) system[k][j] -= factor * system[i][j];
      }
    }
    for (let i = 0; i < 3; i++) theta[i] -= system[i][3] / system[i][i];
  }
  return theta;
}
