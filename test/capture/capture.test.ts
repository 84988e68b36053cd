import {
  capture,
  crossEntropy,
  grad,
  jvp,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  seed,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { jobs } from './models.js';

const [reference, ...native] = engines;
const best = native.at(-1) ?? reference;

describe.each([reference, best])('a captured step on $name', ({ name, use }) => {
  it.each(Object.keys(jobs))('%s: the losses and the state of 200 steps have the bits of eager ones', (job) => {
    use();
    const steps = name === 'reference' ? (job === 'VGG-like' || job === 'LeNet-5' ? 4 : 20) : 200;
    const run = (wrap: (step: (...inputs: Tensor[]) => Tensor) => (...inputs: Tensor[]) => Tensor): Float32Array[] => {
      const { step, batch, state } = jobs[job]();
      const taken = wrap(step);
      const losses = Float32Array.from({ length: steps }, () => Number(taken(...batch()).item()));
      return [losses, ...state().map((x) => x.data() as Float32Array)];
    };
    const eager = run((step) => step);
    let plans: readonly unknown[] = [];
    const captured = run((step) => {
      const taken = capture(step);
      plans = taken.plans;
      return (...inputs) => {
        const loss = taken(...inputs);
        plans = taken.plans;
        return loss;
      };
    });
    expect(captured).toEqual(eager);
    expect(plans.length).toBe(1);
  });

  it('goes off the main thread with the same bits, one call after the other', async () => {
    use();
    const eager = jobs['MLP with dropout and clipping']();
    const losses = Array.from({ length: 20 }, () => eager.step(...eager.batch()).item());
    const { step, batch } = jobs['MLP with dropout and clipping']();
    const captured = capture(step);
    const pending = Array.from({ length: 20 }, () => captured.async(...batch()));
    expect(() => captured(...batch())).toThrow(
      'capture: this step is running on another thread; await its promises first',
    );
    expect((await Promise.all(pending)).map((loss) => loss.item())).toEqual(losses);
  });

  it('records a kind of arguments once, and whatever decides over the kernels anew', () => {
    use();
    seed(1);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.5), new nn.Linear(8, 2));
    const forward = capture((x: Tensor) => model.forward(x) as Tensor);
    const same = (x: Tensor): void => expect(forward(x).data()).toEqual((model.forward(x) as Tensor).data());
    model.eval();
    same(rand([3, 4]));
    same(rand([3, 4]));
    expect(forward.plans.length).toBe(1);
    same(rand([5, 4]));
    same(rand([4, 3]).transpose());
    same(rand([8, 4]).slice([2, 7]));
    expect(forward.plans.length).toBe(3);
    model.train();
    const x = rand([3, 4]);
    seed(2);
    const eager = [model.forward(x), model.forward(x)].map((y: Tensor) => y.data());
    seed(2);
    expect([forward(x), forward(x)].map((y) => y.data())).toEqual(eager);
    expect(forward.plans.length).toBe(4);
    noGrad(() => forward(x));
    expect(forward.plans.length).toBe(5);
    model.parameters()[0].requireGrad(false);
    forward(x);
    expect(forward.plans.length).toBe(6);
  });

  it('leaves gradients on the parameters as eager steps do', () => {
    use();
    const w = ones([3], { requiresGrad: true });
    const unused = ones([1], { requiresGrad: true });
    const gradient = tensor([5]);
    unused.grad = gradient;
    const step = capture((x: Tensor) => {
      w.grad = null;
      w.mul(x).square().sum().backward();
    });
    for (const value of [1, 2, 3]) {
      step(tensor([value, 0, 1]));
      expect(w.grad?.toArray()).toEqual([2 * value ** 2, 0, 2]);
    }
    expect(unused.grad).toBe(gradient);
  });

  it('records a step with derivatives inside once', () => {
    use();
    const w = tensor([2], { requiresGrad: true });
    const curve = (x: Tensor): Tensor => x.pow(4).mul(w);
    const step = capture((x: Tensor) => {
      w.grad = null;
      const [, slope] = jvp(curve, [x], [ones([2])]);
      const bend = grad((x: Tensor) => grad((x: Tensor) => curve(x).sum())(x).sum())(x);
      slope.add(bend).sum().backward();
    });
    // ∂/∂w Σ (4 x³ w + 12 x² w)
    for (const value of [1, 2, 3]) {
      step(tensor([value, 1]));
      expect(w.grad?.toArray()).toEqual([4 * value ** 3 + 12 * value ** 2 + 16]);
    }
    expect(step.plans.length).toBe(1);
  });

  it('adds to gradients that are there', () => {
    use();
    const w = ones([2], { requiresGrad: true });
    const accumulate = capture((x: Tensor) => w.mul(x).sum().backward());
    for (const value of [1, 2, 3, 4]) accumulate(tensor([value, 10]));
    expect(w.grad?.toArray()).toEqual([10, 40]);
    Object.assign(w, { grad: null });
    accumulate(tensor([7, 7]));
    expect(w.grad?.toArray()).toEqual([7, 7]);
    expect(accumulate.plans.length).toBe(2);
  });

  it('gives the gradient of an argument to that argument', () => {
    use();
    const step = capture((x: Tensor) => x.square().sum().backward());
    for (const value of [1, 2, 3]) {
      const x = tensor([value], { requiresGrad: true });
      step(x);
      expect(x.grad?.toArray()).toEqual([2 * value]);
    }
  });

  it('takes and returns trees; what it returns is the caller’s for good', () => {
    use();
    const step = capture(({ a, b }: { a: Tensor; b: Tensor[] }) => ({ sum: a.add(b[0]), rest: [b[1].exp(), a] }));
    const results = [1, 2, 3].map((v) => step({ a: tensor([v]), b: [tensor([10]), tensor([0])] }));
    expect(results.map(({ sum, rest }) => [sum.item(), rest[0].item(), rest[1].item()])).toEqual([
      [11, 1, 1],
      [12, 1, 2],
      [13, 1, 3],
    ]);
  });

  it('takes and returns hundreds of tensors', () => {
    use();
    const step = capture((xs: Tensor[]) => xs.map((x, i) => x.add(i)));
    for (const start of [0, 1, 2]) {
      const xs = Array.from({ length: 300 }, (_, i) => tensor([start, i]));
      expect(step(xs).map((y) => y.toArray())).toEqual(xs.map((_, i) => [start + i, 2 * i]));
    }
    expect(step.plans.length).toBe(1);
  });

  it('takes arguments of any strides', () => {
    use();
    const step = capture((a: Tensor) => a.mul(2));
    for (const offset of [0, 1, 2]) {
      const x = tensor([1, 2, 3, 4, 5, 6, 7, 8]).slice([offset, offset + 6]);
      for (const y of [x.slice([null, null, -1]), x.slice([null, null, 2]), x.reshape([2, 3]).transpose()]) {
        expect(step(y).toArray()).toEqual(y.mul(2).toArray());
      }
    }
    expect(step.plans.length).toBe(3);
  });

  it('keeps arguments that share memory apart from those that do not', () => {
    use();
    const add = capture((a: Tensor, b: Tensor) => a.add(b));
    const x = tensor([1, 2, 3, 4]);
    expect(add(x.slice([0, 2]), x.slice([2, 4])).toArray()).toEqual([4, 6]);
    expect(add(x.slice([2, 4]), x.slice([2, 4])).toArray()).toEqual([6, 8]);
    expect(add(tensor([1, 1]), x.slice([1, 3])).toArray()).toEqual([3, 4]);
    for (const y of [x, x.mul(10)]) {
      const [a, b] = [y.slice([2, 4]), y.slice([0, 2])];
      expect(add(a, b).toArray()).toEqual(a.add(b).toArray());
    }
  });

  it('has changed what an eager step would have changed when a check fails', () => {
    use();
    const build = () => {
      seed(3);
      const model = new nn.Sequential(new nn.Linear(4, 4), new nn.Dropout(0.5), new nn.Linear(4, 3));
      const optimizer = new optim.Adam(model.parameters());
      const step = (x: Tensor, labels: Tensor): Tensor => {
        optimizer.zeroGrad();
        const loss = crossEntropy(model.forward(x), labels as Tensor<[number], 'int32'>);
        loss.backward();
        optimizer.step();
        return loss;
      };
      return { step, state: () => ({ ...optimizer.stateDict(), tensors: null }) };
    };
    const x = rand([2, 4]);
    const good = tensor(new Int32Array([0, 2]));
    const bad = tensor(new Int32Array([0, 3]));
    const message =
      'crossEntropy: labels must be within 0 … 2, or -100 to be ignored; got 3 at [1]; check the number of classes';
    const run = (take: (step: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor, y: Tensor) => Tensor): unknown[] => {
      const { step, state } = build();
      const taken = take(step);
      const before = [taken(x, good).item(), taken(x, good).item()];
      expect(() => taken(x, bad)).toThrow(message);
      return [before, state(), taken(x, good).item(), state()];
    };
    expect(run((step) => capture(step))).toEqual(run((step) => step));
  });

  it('goes on with a state that was loaded', () => {
    use();
    const w = ones([2], { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 0.1, momentum: 0.9 });
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      w.mul(x).sum().backward();
      optimizer.step();
    });
    const x = tensor([1, 2]);
    step(x);
    const state = optimizer.stateDict();
    const saved = w.data();
    step(x);
    step(x);
    const after = w.data();
    w.assign(tensor(saved));
    optimizer.loadStateDict(state);
    step(x);
    step(x);
    expect(w.data()).toEqual(after);
    optimizer.groups[0].lr = 0;
    step(x);
    expect(w.data()).toEqual(after);
  });

  it('refuses a saved tensor that a captured step has overwritten', () => {
    use();
    const w = ones([2], { requiresGrad: true });
    const change = capture((x: Tensor) => {
      w.assign(x);
    });
    change(zeros([2]));
    const loss = w.square().sum();
    change(zeros([2]));
    expect(() => loss.backward()).toThrow('backward: square saved a tensor of shape [2] that assign has overwritten');
  });
});

describe('capture', () => {
  it('names the line that reads a value', () => {
    const step = capture((x: Tensor) => {
      if (Number(x.sum().item()) > 0) return x;
      return x.neg();
    });
    expect(() => step(ones([2]))).toThrow(
      /^capture: a captured step cannot read a value in JavaScript; got item\(\) at .*capture\.test\.ts:\d+:\d+; return the tensor from the step and read it there, or compute with tensors \(where\)$/,
    );
    for (const read of [(x: Tensor) => x.data(), (x: Tensor) => x.toArray(), (x: Tensor) => String(x)]) {
      expect(() =>
        capture((x: Tensor) => {
          read(x);
        })(ones([2])),
      ).toThrow('cannot read a value');
    }
  });

  it('runs the step as it is where it is told what to do otherwise', () => {
    const reasons: string[] = [];
    const step = capture((x: Tensor) => (Number(x.sum().item()) > 0 ? x : x.neg()), {
      otherwise: ({ message }) => reasons.push(message),
    });
    expect(step(tensor([3])).item()).toBe(3);
    expect(step(tensor([-3])).item()).toBe(3);
    expect(reasons.length).toBe(1);
  });

  it('refuses what it cannot replay', async () => {
    expect(() => capture((async () => {}) as unknown as () => void)()).toThrow(
      'capture: the step must be synchronous; got a promise; await what it needs before',
    );
    expect(() => capture(() => 3 as unknown as Tensor)()).toThrow(
      'capture: the result must be a tensor, or arrays and plain objects of tensors; got a number; a replay would not compute it again',
    );
    expect(() => capture((x: Tensor) => x)(3 as unknown as Tensor)).toThrow(
      'capture: the arguments must be a tensor, or arrays and plain objects of tensors; got a number at 0; close over what does not change',
    );
    const x = ones([1], { requiresGrad: true });
    expect(() => capture((x: Tensor) => x)(x.mul(2))).toThrow(
      'capture: an argument must have no history; got the result of mul; detach() it, or compute it within the step',
    );
  });

  it('stops where every call is of another kind', () => {
    const step = capture((x: Tensor) => x.add(1));
    for (let n = 1; n <= 16; n++) step(ones([n]));
    expect(() => step(ones([17]))).toThrow(
      'capture: a step is recorded for up to 16 kinds of arguments; this is one more; pad its inputs to a few shapes, or call the step itself',
    );
  });

  it('records again after an error of the step itself', () => {
    let fail = true;
    const step = capture((x: Tensor) => {
      if (fail) throw new Error('no');
      return x.add(1);
    });
    expect(() => step(ones([1]))).toThrow('no');
    fail = false;
    expect([step(ones([1])).item(), step(ones([1])).item()]).toEqual([2, 2]);
  });

  it('is part of the step where one is captured within another', () => {
    const inner = capture((x: Tensor) => x.mul(2));
    const outer = capture((x: Tensor) => inner(x).add(1));
    expect([outer(ones([1])).item(), outer(ones([1])).item(), inner.plans.length]).toEqual([3, 3, 0]);
  });

  it('refuses memory that was transferred', () => {
    const w = ones([1000]);
    const step = capture((x: Tensor) => x.mul(w).sum());
    step(ones([1000]));
    structuredClone(null, { transfer: [w.storage.data.buffer as ArrayBuffer] });
    expect(() => step(ones([1000]))).toThrow('capture: the memory of a tensor of shape [1000] is gone');
  });
});
