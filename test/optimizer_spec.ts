import { capture, type DType, setNumThreads, type Tensor, tensor } from 'adjoint';
import { type Optimizer, type OptimizerInput, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { expectClose as expectRecorded, type Float, read, toTensor } from './golden/golden.js';
import { engines, expectClose, randomSequence } from './harness.js';
import { message } from './message.js';

/*
 * One spec an optimiser. From it follow, for every variant, on the reference backend and on every instruction set: the same
 * bits however parameters lie in memory, captured or not while a schedule changes the rate, on one thread and two, stopped
 * and resumed, after a reset; groups; PyTorch's five steps and the formula's; the ways down a quadratic and Rosenbrock's
 * valley; each stated error's full text.
 */

/** One element's next values, step by step, in plain numbers: what the rule's formula says. */
export type Formula = () => (theta: number, gradient: number, step: number) => number;

export interface OptimizerSpec {
  make: (parameters: OptimizerInput<any>, options: any) => Optimizer<any>;
  /** Options by name; every claim holds for each of them. */
  variants: Record<string, object>;
  /** Whether steps can be captured; default true. A rule that reads values cannot. */
  captured?: false;
  /** Whether all instruction sets give the same bits; default true. Exponentials do not. */
  sameEverywhere?: false;
  /** Cases of golden/data/optim.json with their options. */
  golden?: Record<string, object>;
  formulas?: { options: object; formula: Formula }[];
  /** Steps that bring (x − 1)² + (y − 2)² from (3, −2) below 10⁻⁶. */
  quadratic: { options: object; steps: number };
  /** Steps that bring Rosenbrock's (1 − x)² + 100 (y − x²)² from (0, 1), where it is 101, below a bound. */
  rosenbrock: { options: object; steps: number; below: number };
  errors: { options: object; says: string }[];
}

export function randomTensor(shape: number[], seed: number, dtype: DType = 'float32'): Tensor {
  const random = randomSequence(seed);
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1)).map(() => 4 * random() - 2);
  return tensor(values, { shape, dtype });
}

/** Element by element is slow on large arrays, and blind to the sign of 0. */
export const bits = (x: Tensor): string => Buffer.from(x.data().buffer).toString('hex');

export const parameter = (shape: number[], seed = 1, dtype: DType = 'float32'): Tensor =>
  randomTensor(shape, seed, dtype).requireGrad();

/** Here the gradients are given, and no rule looks at the loss. */
export const given = (): Tensor => tensor(0);

/** Takes steps with given gradients. */
export function take(optimizer: Optimizer<any>, parameters: readonly Tensor[], seeds: readonly number[]): void {
  for (const seed of seeds) {
    parameters.forEach((p, i) => {
      p.grad = randomTensor(p.shape, 100 * seed + i, p.dtype);
    });
    optimizer.step(given);
  }
}

interface Trace {
  name: string;
  initial: Record<string, { shape: number[]; data: number[] }>;
  grads_per_step: Trace['initial'][];
  params_after_step: Trace['initial'][];
}

export function optimizerSpec(rule: string, spec: OptimizerSpec): void {
  const { make, variants, golden = {}, formulas = [], errors } = spec;

  describe.each(engines)(`${rule} on $name`, ({ name: engine, use }) => {
    describe.each(Object.entries(variants))('%s', (_, options) => {
      it('does not depend on how parameter and gradient lie in memory', () => {
        use();
        for (const shape of [[], [0], [1], [7], [3, 5], [2, 3, 4], [2, 40000]]) {
          const plain = parameter(shape);
          const order = shape.map((_, i) => shape.length - 1 - i);
          const turned = plain.detach().permute(order).clone().permute(order).detach().requireGrad();
          const [a, b] = [make([plain], options), make([turned], options)];
          for (const seed of [1, 2, 3]) {
            plain.grad = randomTensor(shape, seed);
            turned.grad = plain.grad.permute(order).clone().permute(order);
            a.step(given);
            b.step(given);
          }
          expect(bits(turned) === bits(plain), `shape ${shape}`).toBe(true);
        }
      });

      if (spec.captured !== false) {
        it('captured gives the bits of eager steps, under a schedule too', () => {
          use();
          const run = (take: typeof capture): string[] => {
            const p = parameter([3, 4]);
            const optimizer = make([p], options);
            const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
            const step = take((gradient: Tensor) => {
              p.grad = gradient.mul(1);
              optimizer.step(given);
              schedule.step();
            });
            for (const seed of [1, 2, 3, 4, 5, 6, 7]) step(randomTensor([3, 4], seed));
            const { numbers, tensors } = optimizer.stateDict();
            return [bits(p), JSON.stringify(numbers), ...Object.values(tensors).map(bits)];
          };
          expect(run(capture)).toEqual(run(((step: unknown) => step) as typeof capture));
        });
      }

      it('stopped and resumed gives the bits of a run that went on', () => {
        use();
        const shapes = [[3, 4], [4], []];
        const whole = shapes.map((shape, i) => parameter(shape, i));
        const through = make(whole, options);
        take(through, whole, [1, 2]);
        const saved = through.stateDict();
        const json = JSON.parse(JSON.stringify({ groups: saved.groups, numbers: saved.numbers }));
        const resumed = whole.map((p) => p.detach().clone().requireGrad());
        take(through, whole, [3, 4]);

        const other = make(resumed, options);
        other.groups[0].lr = 7;
        other.loadStateDict({ ...json, tensors: saved.tensors });
        take(other, resumed, [3, 4]);
        expect(resumed.map(bits)).toEqual(whole.map(bits));
      });

      it('after a reset begins as at first', () => {
        use();
        const p = parameter([3, 4]);
        const optimizer = make([p], options);
        take(optimizer, [p], [1, 2, 3]);
        optimizer.reset();
        expect(optimizer.stateDict()).toMatchObject({ numbers: {}, tensors: {} });
        const fresh = p.detach().clone().requireGrad();
        take(optimizer, [p], [4, 5]);
        take(make([fresh], options), [fresh], [4, 5]);
        expect(bits(p)).toBe(bits(fresh));
      });

      it('writes in place, records nothing and keeps no more with every step', () => {
        use();
        const p = parameter([5]);
        const { storage } = p;
        const optimizer = make([p], options);
        take(optimizer, [p], [1, 2, 3]);
        const kept = Object.keys(optimizer.stateDict().tensors);
        take(optimizer, [p], [4, 5, 6]);
        expect([p.storage === storage, p.node, p.requiresGrad]).toEqual([true, null, true]);
        expect(Object.keys(optimizer.stateDict().tensors)).toEqual(kept);
      });

      if (engine !== 'reference') {
        it('gives the same bits on one thread and two, and on every instruction set where its functions do', () => {
          const run = (): string => {
            const p = parameter([70_001]);
            take(make([p], options), [p], [1, 2]);
            return bits(p);
          };
          use();
          setNumThreads(1);
          const one = run();
          setNumThreads(2);
          expect(run() === one).toBe(true);
          if (spec.sameEverywhere === false) return;
          engines.find(({ name }) => name === 'baseline')?.use();
          expect(run() === one).toBe(true);
        });
      }
    });

    for (const float of ['float32', 'float64'] as const) {
      it.each(Object.entries(golden))(`%s: five steps as PyTorch takes them, ${float}`, (name, options) => {
        use();
        follow(name, (parameters) => make(parameters, options), float);
      });
    }

    it.each(formulas)('steps by its formula with $options', ({ options, formula }) => {
      use();
      const start = [1, -2, 0.5];
      const p = tensor(start, { dtype: 'float64' }).requireGrad();
      const optimizer = make([p], options);
      const next = start.map(() => formula());
      let expected = start;
      for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const gradients = [...randomTensor([3], step, 'float64').data()];
        p.grad = tensor(gradients, { dtype: 'float64' });
        optimizer.step(given);
        expected = expected.map((theta, i) => next[i](theta, gradients[i], step));
        expectClose(p.detach(), { shape: [3], data: expected }, { what: `step ${step}`, slack: 10 });
      }
    });
  });

  describe(rule, () => {
    const minimise = (start: number[], f: (p: Tensor) => Tensor, options: object, steps: number): number => {
      const p = tensor(start, { dtype: 'float64' }).requireGrad();
      const optimizer = make([p], options);
      for (let i = 0; i < steps; i++) {
        optimizer.step(() => {
          optimizer.zeroGrad();
          const loss = f(p);
          loss.backward();
          return loss;
        });
      }
      return f(p.detach()).item() as number;
    };

    it('minimises a quadratic', () => {
      const { options, steps } = spec.quadratic;
      const f = (p: Tensor): Tensor =>
        p
          .sub(tensor([1, 2], { dtype: 'float64' }))
          .square()
          .sum();
      expect(minimise([3, -2], f, options, steps)).toBeLessThan(1e-6);
    });

    it("goes down Rosenbrock's valley", () => {
      const { options, steps, below } = spec.rosenbrock;
      expect(minimise([0, 1], rosenbrock, options, steps)).toBeLessThan(below);
    });

    it.each(errors)('refuses $options', ({ options, says }) => {
      expect(message(() => make([parameter([2])], options))).toBe(says);
    });
  });
}

export function rosenbrock(p: Tensor): Tensor {
  const [x, y] = [p.slice(0), p.slice(1)];
  return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100));
}

/** Takes the recorded steps, and compares the parameters after each. */
function follow(name: string, make: (parameters: Tensor[]) => Optimizer<any>, float: Float): void {
  const found = read<Trace>('optim').find((each) => each.name === name);
  if (found === undefined) throw new Error(`optim.json has no case ${name}`);
  const names = Object.keys(found.initial);
  const parameters = names.map((key) => toTensor(found.initial[key], float).requireGrad());
  const optimizer = make(parameters);
  found.grads_per_step.forEach((gradients, step) => {
    names.forEach((key, i) => {
      parameters[i].grad = toTensor(gradients[key], float);
    });
    optimizer.step();
    names.forEach((key, i) => {
      expectRecorded(`${name}: ${key} after step ${step}`, parameters[i], found.params_after_step[step][key], float);
    });
  });
}
