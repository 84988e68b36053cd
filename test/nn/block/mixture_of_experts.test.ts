import {
  capture,
  Generator,
  importanceLoss,
  mseLoss,
  nn,
  ones,
  optim,
  randn,
  seed,
  softmax,
  type Tensor,
  tensor,
  where,
} from 'adjoint';
import { expect, it } from 'vitest';
import { type Made, moduleSpec } from '../../module_spec.js';

const mixture = (topK: number, count = 3, options: Partial<Made> = {}): nn.MixtureOfExperts => {
  const experts = Array.from({ length: count }, () => new nn.Linear(2, 2, options));
  return new nn.MixtureOfExperts(experts, new nn.Linear(2, count, options), { topK });
};

const text = (topK: number): string =>
  [
    'MixtureOfExperts(',
    `  topK=${topK}`,
    ...[0, 1, 2].map((i) => `  (experts.${i}): Linear(inFeatures=2, outFeatures=2)`),
    '  (gate): Linear(inFeatures=2, outFeatures=3)',
    ')',
  ].join('\n');

const mixed = (experts: readonly nn.Module[], gates: Tensor, x: Tensor): Tensor =>
  experts
    .map((expert, i): Tensor => expert.forward(x).mul(gates.slice('...', [i, i + 1])))
    .reduce((a, b): Tensor => a.add(b));

moduleSpec('MixtureOfExperts', {
  make: (options) => mixture(2, 3, options),
  inputs: [
    [4, 2],
    [1, 2],
    [0, 2],
    [2, 3, 2],
  ],
  equals: ({ experts, gate }, x: Tensor) => {
    const scores: Tensor = gate.forward(x);
    // Of three the lowest is left out.
    const gates: Tensor = softmax(where(scores.eq(scores.min(-1, { keepDims: true })), -Infinity, scores));
    return [mixed(experts, gates, x), gates];
  },
  keepsNothing: false,
  slack: 4,
  text: text(2),
  errors: [
    {
      call: () => mixture(5, 4),
      says: 'MixtureOfExperts: topK must be within 1 … 4, the number of experts; got 5',
    },
    {
      call: () => new nn.MixtureOfExperts([], new nn.Identity()),
      says: 'MixtureOfExperts: the number of experts must be a whole number ≥ 1; got 0',
    },
    {
      call: () =>
        new nn.MixtureOfExperts(
          [1, 2, 3, 4].map(() => new nn.Linear(2, 2)),
          new nn.Linear(2, 3),
        ).forward(ones([2, 2])),
      says: 'MixtureOfExperts: the gate must give [2, 4], a score for each expert; got [2, 3]',
    },
  ],
});

it('a mixture of all experts is their mean, weighted by the gate', () => {
  const layer = mixture(3);
  const x = randn([5, 2]);
  const [y, gates] = layer.forward(x);
  expect(gates.toArray()).toEqual(softmax(layer.gate.forward(x)).toArray());
  expect(
    y
      .sub(mixed(layer.experts, gates, x))
      .abs()
      .max()
      .item(),
  ).toBeLessThan(1e-6);
  // Of equal scores the first ones.
  const even = new nn.MixtureOfExperts(layer.experts, new nn.Linear(2, 3), { topK: 2 });
  for (const p of even.gate.parameters()) nn.init.zeros(p);
  expect(even.forward(x)[1].slice(0).toArray()).toEqual([0.5, 0.5, 0]);
});

it('a gate under the importance loss uses all experts alike, where it would use one', () => {
  const shares = (weight: number): number[] => {
    seed(1);
    const generator = new Generator(3);
    const layer = mixture(1, 3);
    nn.init.zeros((layer.gate as nn.Linear).weight);
    (layer.gate as nn.Linear).bias?.assign(tensor([0.3, 0, -0.3]));
    const optimizer = new optim.Adam(layer.parameters(), { lr: 0.02 });
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      const [y] = layer.forward(x);
      const soft = softmax(layer.gate.forward(x));
      const loss: Tensor = mseLoss(y, x.neg()).add(importanceLoss(soft).mul(weight));
      loss.backward();
      optimizer.step();
    });
    for (let i = 0; i < 200; i++) step(randn([32, 2], { generator }));
    return [
      ...softmax(layer.gate.forward(randn([256, 2], { generator })))
        .mean(0)
        .data(),
    ];
  };
  expect(Math.max(...shares(0))).toBeGreaterThan(0.4);
  expect(Math.max(...shares(1))).toBeLessThan(0.35);
});
