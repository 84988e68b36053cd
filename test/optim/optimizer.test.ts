import { capture, noGrad, ones, type Tensor, tensor, zeros } from 'adjoint';
import { Adam, AdamW, LBFGS, type Optimizer, SGD, StepLR } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';
import { bits, parameter, take } from '../optimizer_spec.js';

describe.each(engines)('steps on $name', ({ use }) => {
  it('takes gradients that repeat one number in memory, and leaves them alone', () => {
    use();
    const p = tensor([[1, 2, 3]]).requireGrad();
    p.grad = tensor(1).expand([1, 3]);
    const before = p.grad.data();
    new SGD([p], { lr: 0.5, momentum: 0.9 }).step();
    expect(p.toArray()).toEqual([[0.5, 1.5, 2.5]]);
    expect(p.grad.data()).toEqual(before);
  });
});

describe('an optimiser', () => {
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

  it('takes another group, with a base for the schedule that runs', () => {
    const [a, b] = [tensor([1]).requireGrad(), tensor([1]).requireGrad()];
    const optimizer = new SGD([a], { lr: 0.5 });
    const schedule = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    schedule.step();
    optimizer.addGroup({ parameters: [b], lr: 1 });
    schedule.step();
    expect(optimizer.groups.map(({ lr }) => lr)).toEqual([0.125, 0.25]);
    expect(schedule.stateDict().bases).toEqual({ lr: [0.5, 1] });
    a.grad = ones([1]);
    b.grad = ones([1]);
    optimizer.step();
    expect([a.item(), b.item()]).toEqual([0.875, 0.75]);
  });

  it('captured takes another group, and forgets after a reset', () => {
    const run = (wrap: typeof capture): string[] => {
      const [a, b] = [parameter([3], 1), parameter([3], 2)];
      const optimizer = new SGD([a], { lr: 0.1, momentum: 0.9 });
      const step = wrap(() => {
        a.grad = a.mul(1);
        b.grad = b.mul(2);
        optimizer.step();
      });
      const twice = (): void => {
        step();
        step();
      };
      twice();
      optimizer.addGroup({ parameters: [b] });
      twice();
      optimizer.reset();
      twice();
      return [a, b].map(bits);
    };
    expect(run(capture)).toEqual(run(((step: unknown) => step) as typeof capture));
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

  it('groups that it cannot add', () => {
    const x = p();
    const optimizer = new SGD([x]);
    expect(message(() => optimizer.addGroup({ parameters: [x] }))).toBe(
      'ValueError SGD.addGroup: a parameter may be given once; parameter 0 of shape [2, 3] is there twice',
    );
    expect(message(() => optimizer.addGroup({ parameters: [p()], lr: -1 }))).toBe(
      'ValueError SGD.addGroup: lr must be a finite number ≥ 0; got -1',
    );
    expect(message(() => optimizer.addGroup({ parameters: [] }))).toBe(
      "ValueError SGD.addGroup: there must be parameters to optimise; got none; is the model's iterator used up?",
    );
    expect(message(() => new LBFGS([p()]).addGroup())).toBe(
      'StateError LBFGS.addGroup: there is one group of parameters; build another LBFGS with all of them',
    );
    expect(optimizer.groups.length).toBe(1);
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
