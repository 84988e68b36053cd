import { capture, type DType, noGrad, ones, setNumThreads, type Tensor, tensor, zeros } from 'adjoint';
import { Adam, AdamW, LBFGS, type Optimizer, SGD, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines, randomSequence } from '../harness.js';
import { message } from '../message.js';

function randomTensor(shape: number[], seed: number, dtype: DType = 'float32'): Tensor {
  const random = randomSequence(seed);
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1)).map(() => 4 * random() - 2);
  return tensor(values, { shape, dtype });
}
/** Element by element is slow on large arrays, and blind to the sign of 0. */
const bits = (x: Tensor): string => Buffer.from(x.data().buffer).toString('hex');

const parameter = (shape: number[], seed = 1, dtype: DType = 'float32'): Tensor =>
  randomTensor(shape, seed, dtype).requireGrad();

const rules: Record<string, (parameters: Iterable<Tensor>) => Optimizer> = {
  SGD: (p) => new SGD(p, { lr: 0.1, weightDecay: 0.01 }),
  'SGD with momentum': (p) => new SGD(p, { lr: 0.1, momentum: 0.9, dampening: 0.1 }),
  'SGD with Nesterov': (p) => new SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, maximize: true }),
  Adam: (p) => new Adam(p, { lr: 0.01, weightDecay: 0.1 }),
  'Adam with amsgrad': (p) => new Adam(p, { lr: 0.01, amsgrad: true, maximize: true }),
  AdamW: (p) => new AdamW(p, { lr: 0.01 }),
  LBFGS: (p) => new LBFGS(p, { lr: 0.1, maxIter: 1, historySize: 2, lineSearch: null }),
};

/** Here the gradients are given, and no rule looks at the loss. */
const given = (): Tensor => tensor(0);

/** Takes steps with given gradients. */
function take(optimizer: Optimizer, parameters: Tensor[], seeds: number[]): void {
  for (const seed of seeds) {
    parameters.forEach((p, i) => {
      p.grad = randomTensor(p.shape, 100 * seed + i, p.dtype);
    });
    optimizer.step(given);
  }
}

describe.each(engines)('steps on $name', ({ name: engine, use }) => {
  it.each(Object.entries(rules))('%s does not depend on how parameter and gradient lie in memory', (_, make) => {
    use();
    for (const shape of [[], [0], [1], [7], [3, 5], [2, 3, 4], [2, 40000]]) {
      const plain = parameter(shape);
      const order = shape.map((_, i) => shape.length - 1 - i);
      const turned = plain.detach().permute(order).clone().permute(order).detach().requireGrad();
      const [a, b] = [make([plain]), make([turned])];
      for (const seed of [1, 2, 3]) {
        plain.grad = randomTensor(shape, seed);
        turned.grad = plain.grad.permute(order).clone().permute(order);
        a.step(given);
        b.step(given);
      }
      expect(bits(turned) === bits(plain), `shape ${shape}`).toBe(true);
    }
  });

  it('takes gradients that repeat one number in memory, and leaves them alone', () => {
    use();
    const p = tensor([[1, 2, 3]]).requireGrad();
    p.grad = tensor(1).expand([1, 3]);
    const before = p.grad.data();
    new SGD([p], { lr: 0.5, momentum: 0.9 }).step();
    expect(p.toArray()).toEqual([[0.5, 1.5, 2.5]]);
    expect(p.grad.data()).toEqual(before);
  });

  it.each(Object.entries(rules).filter(([name]) => name !== 'LBFGS'))(
    '%s captured gives the bits of eager steps, under a schedule too',
    (_, make) => {
      use();
      const run = (take: typeof capture): string => {
        const p = parameter([3, 4]);
        const optimizer = make([p]);
        const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
        const step = take((gradient: Tensor) => {
          p.grad = gradient.mul(1);
          optimizer.step(given);
          schedule.step();
        });
        for (const seed of [1, 2, 3, 4, 5]) step(randomTensor([3, 4], seed));
        return bits(p);
      };
      expect(run(capture)).toBe(run(((step: unknown) => step) as typeof capture));
    },
  );

  it.each(Object.entries(rules))('%s stopped and resumed gives the bits of a run that went on', (_, make) => {
    use();
    const shapes = [[3, 4], [4], []];
    const whole = shapes.map((shape, i) => parameter(shape, i));
    const through = make(whole);
    take(through, whole, [1, 2]);
    const saved = through.stateDict();
    const json = JSON.parse(JSON.stringify({ groups: saved.groups, numbers: saved.numbers }));
    const resumed = whole.map((p) => p.detach().clone().requireGrad());
    take(through, whole, [3, 4]);

    const other = make(resumed);
    other.groups[0].lr = 7;
    other.loadStateDict({ ...json, tensors: saved.tensors });
    take(other, resumed, [3, 4]);
    whole.forEach((p, i) => {
      expect(bits(resumed[i])).toBe(bits(p));
    });
  });

  if (engine !== 'reference') {
    it.each(Object.entries(rules))(
      '%s gives the same bits on one thread, on two and on every instruction set',
      (_, make) => {
        const run = (): string => {
          const p = parameter([70_001]);
          take(make([p]), [p], [1, 2]);
          return bits(p);
        };
        use();
        setNumThreads(1);
        const one = run();
        setNumThreads(2);
        expect(run() === one).toBe(true);
        engines.find(({ name }) => name === 'baseline')?.use();
        expect(run() === one).toBe(true);
      },
    );
  }
});

describe('an optimiser', () => {
  it('minimises a quadratic', () => {
    for (const make of [rules['SGD with momentum'], (p: Tensor[]) => new Adam(p, { lr: 0.1 })]) {
      const x = tensor([3, -2]).requireGrad();
      const optimizer = make([x]);
      for (let i = 0; i < 300; i++) {
        optimizer.zeroGrad();
        const distance = x.sub(tensor([1, 2]));
        distance.mul(distance).backward(ones([2]));
        optimizer.step();
      }
      const [a, b] = x.data();
      expect(Math.hypot(a - 1, b - 2)).toBeLessThan(1e-3);
    }
  });

  it('takes options by group, and changes of them between steps', () => {
    const [a, b] = [tensor([1]).requireGrad(), tensor([1]).requireGrad()];
    const optimizer = new SGD([{ parameters: [a] }, { parameters: [b], lr: 0.5 }], { lr: 0.25 });
    const step = (): void => {
      a.grad = tensor([1]);
      b.grad = tensor([1]);
      optimizer.step();
    };
    step();
    expect([a.item(), b.item()]).toEqual([0.75, 0.5]);
    optimizer.groups[1].lr = 0;
    step();
    expect([a.item(), b.item()]).toEqual([0.5, 0.5]);
    optimizer.groups[0].lr = Number.NaN;
    expect(step).toThrow('SGD: lr must be a finite number ≥ 0; got NaN');
  });

  it('skips what has no gradient or requires none', () => {
    const [a, b] = [tensor([1]).requireGrad(), tensor([1])];
    const optimizer = new AdamW([a, b]);
    b.grad = tensor([1]);
    optimizer.step();
    expect([a.item(), b.item()]).toEqual([1, 1]);
    expect(optimizer.stateDict().tensors).toEqual({});
  });

  it('forgets gradients', () => {
    const p = parameter([2]);
    p.grad = ones([2]);
    new SGD([p]).zeroGrad();
    expect(p.grad).toBeNull();
  });

  it('marks what it writes: a backward that needs the old values refuses', () => {
    const p = parameter([2]);
    const loss = p.mul(p);
    p.grad = ones([2]);
    new Adam([p]).step();
    expect(() => loss.backward(ones([2]))).toThrow(/that Adam\.step has overwritten since/);
  });

  it('hands out copies: a saved state stands still, a loaded one is not shared', () => {
    const p = parameter([2]);
    const optimizer = new Adam([p]);
    take(optimizer, [p], [1]);
    const saved = optimizer.stateDict();
    const before = saved.tensors['0.expAvg'].data();
    take(optimizer, [p], [2]);
    expect(saved.tensors['0.expAvg'].data()).toEqual(before);
    optimizer.loadStateDict(saved);
    take(optimizer, [p], [2]);
    expect(saved.tensors['0.expAvg'].data()).toEqual(before);
    expect(saved.groups[0].betas).not.toBe(optimizer.groups[0].betas);
  });

  it('names state by position', () => {
    const [a, b] = [parameter([2]), parameter([3])];
    const optimizer = new Adam([{ parameters: [a] }, { parameters: [b], lr: 0.5, amsgrad: true }]);
    take(optimizer, [a, b], [1]);
    const { groups, numbers, tensors } = optimizer.stateDict();
    expect(groups.map(({ parameters, lr }) => [parameters, lr])).toEqual([
      [[0], 0.001],
      [[1], 0.5],
    ]);
    expect(numbers).toEqual({ '0.step': 1, '1.step': 1 });
    expect(Object.keys(tensors)).toEqual(['0.expAvg', '0.expAvgSq', '1.expAvg', '1.expAvgSq', '1.maxExpAvgSq']);
  });
});

describe('an optimiser refuses', () => {
  const p = (): Tensor => parameter([2, 3]);

  it('hyper-parameters out of range', () => {
    expect(message(() => new SGD([p()], { lr: -0.1 }))).toBe(
      'ValueError SGD: lr must be a finite number ≥ 0; got -0.1',
    );
    expect(message(() => new SGD([p()], { momentum: -1 }))).toBe(
      'ValueError SGD: momentum must be a finite number ≥ 0; got -1',
    );
    expect(message(() => new SGD([p()], { nesterov: true }))).toBe(
      'ValueError SGD: nesterov needs momentum > 0 and dampening 0; got momentum 0 and dampening 0',
    );
    expect(message(() => new Adam([p()], { betas: [0.9, 1] }))).toBe(
      'ValueError Adam: betas[1] must be a number ≥ 0 and < 1; got 1',
    );
    expect(message(() => new AdamW([p()], { eps: Infinity }))).toBe(
      'ValueError AdamW: eps must be a finite number ≥ 0; got Infinity',
    );
    expect(message(() => new AdamW([{ parameters: [p()], weightDecay: -1 }]))).toBe(
      'ValueError AdamW: weightDecay must be a finite number ≥ 0; got -1',
    );
    expect(message(() => new Adam([p()], { amsgrad: 1 as unknown as boolean }))).toBe(
      'ValueError Adam: amsgrad must be true or false; got 1',
    );
  });

  it('options that do not exist', () => {
    expect(message(() => new SGD([p()], { weight_decay: 0.1 } as object))).toBe(
      'ValueError SGD: options are lr, momentum, dampening, weightDecay, nesterov, maximize; got weight_decay; check the spelling',
    );
  });

  it('what is no parameter', () => {
    const twice = p();
    expect(message(() => new SGD([]))).toBe(
      "ValueError SGD: there must be parameters to optimise; got none; is the model's iterator used up?",
    );
    expect(message(() => new SGD([twice, twice]))).toBe(
      'ValueError SGD: a parameter may be given once; parameter 1 of shape [2, 3] is there twice',
    );
    expect(message(() => new SGD([{ parameters: [twice] }, { parameters: [twice] }]))).toBe(
      'ValueError SGD: a parameter may be given once; parameter 1 of shape [2, 3] is there twice',
    );
    expect(message(() => new SGD([p(), { parameters: [p()] }] as Tensor[]))).toBe(
      'ValueError SGD: give tensors, or groups { parameters, … } of them; got a tensor beside groups; pass model.parameters()',
    );
    expect(message(() => new SGD([3] as unknown as Tensor[]))).toBe(
      'ValueError SGD: give tensors, or groups { parameters, … } of them; got number; pass model.parameters()',
    );
    expect(message(() => new SGD([p().mul(2)]))).toBe(
      'StateError SGD: parameters must be leaves; parameter 0 of shape [2, 3] is the result of mul; use detach().requireGrad()',
    );
    expect(message(() => new SGD([noGrad(() => zeros([1, 3]).expand([2, 3]))]))).toBe(
      'StateError SGD: parameter 0 of shape [2, 3] is an expanded view whose elements share memory; pass its clone()',
    );
    expect(message(() => new SGD([zeros([2], { dtype: 'bfloat16' })]))).toBe(
      'DTypeError SGD: parameters must be float32 or float64; parameter 0 is bfloat16; keep the parameters in float32 and convert where they are used',
    );
    expect(message(() => new SGD([zeros([2], { dtype: 'int32' })]))).toBe(
      'DTypeError SGD: parameters must be float32 or float64; parameter 0 is int32; leave it out',
    );
  });

  it('gradients unlike their parameter', () => {
    const x = p();
    x.grad = zeros([3]);
    expect(message(() => new SGD([x]).step())).toBe(
      "ShapeError SGD.step: a gradient must have its parameter's shape [2, 3]; got [3]",
    );
    x.grad = zeros([2, 3], { dtype: 'float64' });
    expect(message(() => new SGD([x]).step())).toBe(
      "DTypeError SGD.step: a gradient must have its parameter's dtype float32; got float64; convert with to('float32')",
    );
  });

  it('states that do not fit, and stays as it was', () => {
    const [a, b] = [p(), parameter([4])];
    const optimizer = new Adam([a, b]);
    take(optimizer, [a, b], [1]);
    const state = optimizer.stateDict();
    const load = (change: object, into: Optimizer = optimizer): string =>
      message(() => into.loadStateDict({ ...state, ...change }));
    expect(load({ groups: [...state.groups, ...state.groups] })).toBe(
      'FormatError Adam.loadStateDict: the optimiser has 1 groups, the state 2; build it with the same groups',
    );
    expect(load({}, new Adam([p()]))).toBe(
      "FormatError Adam.loadStateDict: group 0 has 1 parameters, the state's 2; build it with the same parameters",
    );
    expect(load({}, new Adam([parameter([4]), p()]))).toBe(
      "ShapeError Adam.loadStateDict: 0.expAvg must have its parameter's shape [4]; got [2, 3]; give the parameters in the order in which they were saved",
    );
    expect(load({ tensors: { '1.expAvg': zeros([4], { dtype: 'float64' }) } })).toBe(
      "DTypeError Adam.loadStateDict: 1.expAvg must have its parameter's dtype float32; got float64; convert the model or the state",
    );
    expect(load({ tensors: { '2.expAvg': zeros([4]) } })).toBe(
      "FormatError Adam.loadStateDict: a name must be a parameter's position (below 2), a dot and what it is, as 0.step; got 2.expAvg",
    );
    expect(load({ numbers: { '0.step': '1' } })).toBe(
      'FormatError Adam.loadStateDict: 0.step must be a number; got string',
    );
    expect(load({}, new SGD([p(), parameter([4])]))).toBe(
      'FormatError SGD.loadStateDict: group 0 of the state lacks the option momentum; was it saved by another optimiser?',
    );
    expect(load({ groups: [{ ...state.groups[0], lr: -1 }] })).toBe(
      'ValueError Adam.loadStateDict: lr must be a finite number ≥ 0; got -1',
    );
    const after = optimizer.stateDict();
    expect([after.groups, after.numbers]).toEqual([state.groups, state.numbers]);
    expect(after.tensors['0.expAvg'].data()).toEqual(state.tensors['0.expAvg'].data());
  });
});
