import { capture, linear, nn, noGrad, ones, randn, relu, seed, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { allocateShared } from '../../lib/core/storage.js';
import { fromStorage } from '../../lib/tensor/create.js';
import { engines } from '../harness.js';

const native = engines.filter(({ name }) => name !== 'reference');

const bits = (t: Tensor) => t.data();

describe.each(native)('what lasts from call to call on $name', ({ use }) => {
  it('is computed once, and again where its sources are written', () => {
    use();
    const weight = ones([3, 4]).mul(2);
    const step = capture((x: Tensor) => x.add(weight.exp().sum(0)));
    const x = ones([4]);
    for (const value of [2, 2, 3, 3, 0.5]) {
      noGrad(() => weight.assign(ones([3, 4]).mul(value)));
      expect(bits(step(x))).toEqual(bits(x.add(weight.exp().sum(0))));
    }
    expect(step.plans).toHaveLength(1);
    expect(step.plans[0].calls).toBe(1);
  });

  it('is what another captured step wrote', () => {
    use();
    const weight = ones([3, 4]);
    const train = capture((x: Tensor) => noGrad(() => weight.assign(weight.mul(x))));
    const evaluate = capture((x: Tensor) => x.add(weight.exp().sum()));
    for (let i = 0; i < 3; i++) {
      train(tensor([[0.5]]));
      expect(bits(evaluate(ones([2])))).toEqual(bits(ones([2]).add(weight.exp().sum())));
    }
  });

  it('leaves out what the step writes, its arguments, random numbers, and memory that other threads write', () => {
    use();
    const { buffer, start } = allocateShared(64);
    const shared = fromStorage(new Float32Array(buffer, start, 4), [4], 'float32');
    const state = ones([4]);
    const step = capture((x: Tensor) => {
      noGrad(() => state.assign(state.add(1)));
      return [x.exp().sum(), shared.exp().sum(), state.exp().sum(), randn([4]).sum()];
    });
    step(ones([4]));
    const first = step(ones([4])).map((t) => t.item());
    shared.storage.data[0] = 1;
    const second = step(ones([4]).mul(2)).map((t) => t.item());
    expect(second.filter((value, i) => value === first[i])).toEqual([]);
  });

  it('leaves out what a chain writes as one of several results', () => {
    use();
    const step = (x: Tensor): Tensor[] => {
      const y = ones([4]);
      const doubled = x.mul(2);
      noGrad(() => y.assign(doubled.add(1)));
      return [doubled, y.sum().exp()];
    };
    const captured = capture(step);
    for (const value of [1, 2, 3]) {
      const x = ones([4]).mul(value);
      expect(captured(x).map(bits)).toEqual(step(x).map(bits));
    }
  });

  it('gives the same bits with weights in panels', () => {
    use();
    seed(3);
    for (const dtype of ['float32', 'float64'] as const) {
      for (const [m, n, k] of [
        [17, 32, 49],
        [40, 96, 300],
        [128, 512, 784],
        [131, 64, 1031],
        [512, 32, 64],
      ]) {
        const [x, weight, bias] = [randn([m, k], { dtype }), randn([n, k], { dtype }), randn([n], { dtype })];
        const step = (x: Tensor): Tensor => relu(linear(x, weight as Tensor, bias as Tensor));
        const captured = capture(step);
        for (let i = 0; i < 3; i++) expect(bits(captured(x))).toEqual(bits(step(x)));
        expect(captured.plans[0].calls).toBe(1);
        weight.assign(randn([n, k], { dtype }));
        expect(bits(captured(x))).toEqual(bits(step(x)));
      }
    }
  });

  it('packs a weight that several products read once, and follows an optimiser between calls', () => {
    use();
    seed(5);
    const layer = new nn.Linear(64, 64);
    const model = new nn.Sequential(layer, new nn.Tanh(), layer);
    const evaluate = capture((x: Tensor) => model.forward(x));
    const x = randn([32, 64]);
    const weight = layer.weight as Tensor;
    for (let i = 0; i < 3; i++) {
      expect(bits(evaluate(x))).toEqual(bits(model.forward(x)));
      noGrad(() => weight.assign(weight.mul(0.9)));
    }
    expect(evaluate.plans).toHaveLength(1);
  });
});
