import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  linear,
  nn,
  ones,
  onesLike,
  sigmoid,
  type Tensor,
  tanh,
  tensor,
  zeros,
  zerosLike,
} from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../module_spec.js';

moduleSpec('Linear', {
  make: (options) => new nn.Linear(4, 3, options),
  inputs: [[2, 4], [4], [1, 5, 4], [0, 4]],
  equals: ({ weight, bias }, x) => linear(x, weight, bias as Tensor),
  text: 'Linear(inFeatures=4, outFeatures=3)',
  errors: [
    { call: () => new nn.Linear(-1, 2), says: 'Linear: inFeatures must be a whole number ≥ 0; got -1' },
    { call: () => new nn.Linear(1, 2.5), says: 'Linear: outFeatures must be a whole number ≥ 0; got 2.5' },
    {
      call: () => new nn.Linear(4, 2).forward(ones([8, 3]) as Tensor),
      says: 'linear: the last axis of x must have the 4 elements that weight [2, 4] takes; got [8, 3]',
    },
  ],
  golden: {
    file: 'linear',
    cases: /^linear/,
    model: ({ params: { in_features, out_features, bias } }, dtype) =>
      new nn.Linear(in_features, out_features, { bias, dtype }),
  },
});

moduleSpec('Linear without bias', {
  make: (options) => new nn.Linear(3, 1, { ...options, bias: false }),
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: ({ weight }, x) => linear(x, weight),
  text: 'Linear(inFeatures=3, outFeatures=1, bias=null)',
});

it('Linear starts uniform in ±1 / √in', () => {
  const layer = new nn.Linear(100, 400);
  expect(layer.weight.shape).toEqual([400, 100]);
  for (const values of [layer.weight, layer.bias as Tensor]) {
    const largest = Math.max(...values.abs().data());
    expect(largest).toBeLessThanOrEqual(0.1 + 1e-6);
    expect(largest).toBeGreaterThan(0.095);
  }
});

it('Linear of no features leaves the bias', () => {
  const layer = new nn.Linear(0, 2);
  nn.init.ones(layer.bias as Tensor);
  expect(layer.forward(zeros([2, 0])).data()).toEqual(new Float32Array([1, 1, 1, 1]));
});

it('lecture notes 001, line 240: a neuron of 5.5, by activation, and its cross-entropy', () => {
  const neuron = new nn.Linear(3, 1, { dtype: 'float64' });
  neuron.weight.assign(tensor([[1, 0.5, 1]], { dtype: 'float64' }));
  neuron.bias?.assign(tensor([0.5], { dtype: 'float64' }));
  const o = neuron.forward(tensor([[1, 2, 3]], { dtype: 'float64' }));
  expect(o.item()).toBe(5.5);
  expect(tanh(o).item()).toBeCloseTo(0.9999665972, 10);
  expect(sigmoid(o).item()).toBeCloseTo(0.9959298623, 10);
  const [one, zero] = [onesLike(o), zerosLike(o)];
  for (const [loss, input] of [
    [binaryCrossEntropy, sigmoid(o)],
    [binaryCrossEntropyWithLogits, o],
  ] as const) {
    expect(loss(input, one).item()).toBeCloseTo(0.0040784433, 10);
    expect(loss(input, zero).item()).toBeCloseTo(5.5040784433, 10);
  }
});
