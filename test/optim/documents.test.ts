import {
  binaryCrossEntropyWithLogits,
  capture,
  concat,
  mseLoss,
  ones,
  relu,
  sigmoid,
  step,
  type Tensor,
  tensor,
} from 'adjoint';
import { Adagrad, Adam, DiffGrad, NAG, Newton, type Optimizer, RMSprop, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { close, d, gates } from '../calculus.js';
import { randomTensor, rosenbrock } from '../optimizer_spec.js';

/* The lecture notes' worked steps; those without printed numbers follow from the formula of the line. */

/** The values of w on J = w² / 2 from 1, after each step. */
function halfSquare(make: (w: Tensor) => Optimizer<any>, steps: number): number[] {
  const w = tensor([1], { dtype: 'float64' }).requireGrad();
  const optimizer = make(w);
  const twice = optimizer instanceof Newton;
  return Array.from({ length: steps }, () => {
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = w.square().mul(0.5).sum();
      if (!twice) loss.backward();
      return loss;
    });
    return w.item() as number;
  });
}

it.each<[string, (w: any) => Optimizer<any>, number[]]>([
  [
    'gradient descent, lecture notes 002, line 632',
    (w) => new SGD([w], { lr: 0.1 }),
    [0.9, 0.81, 0.729, 0.6561, 0.59049],
  ],
  [
    'momentum with the rate in the velocity, lecture notes 002, line 689',
    (w) => new SGD([w], { lr: 0.1, momentum: 0.9, rateInVelocity: true }),
    [0.9, 0.72, 0.486, 0.2268, -0.02916],
  ],
  // Line 848 subtracts a v that already has the sign of the descent.
  [
    'momentum with the rate in the velocity, lecture notes 001, line 846',
    (w) => new SGD([w], { lr: 0.1, momentum: 0.9, rateInVelocity: true }),
    [0.9, 0.72, 0.486, 0.2268, -0.02916],
  ],
  [
    "Nesterov's gradient at the look-ahead, lecture notes 002, line 697",
    (w) => new NAG([w], { lr: 0.1, momentum: 0.9 }),
    [0.9, 0.729, 0.51759, 0.2945889, 0.084499119],
  ],
  [
    'AdaGrad, lecture notes 002, line 731',
    (w) => new Adagrad([w], { lr: 0.1, eps: 1e-8 }),
    [0.9, 0.8331035283, 0.7804561831, 0.7362231346, 0.6977148641],
  ],
  [
    'RMSProp, lecture notes 002, line 743',
    (w) => new RMSprop([w], { lr: 0.1, alpha: 0.9 }),
    [0.683772244, 0.4988706201, 0.3691805674, 0.2728248989, 0.1997951669],
  ],
  // The exponents t − 1 of the print would divide by 0 in the first step.
  [
    'Adam, lecture notes 002, line 755',
    (w) => new Adam([w], { lr: 0.1 }),
    [0.9, 0.8004122297, 0.7015862745, 0.6039390627, 0.5079636619],
  ],
  ['Newton, lecture notes 002, line 711', (w) => new Newton([w]), [0]],
])('%s', (_, make, expected) => {
  halfSquare(make, expected.length).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 8);
  });
});

it.each<[string, (p: any) => Optimizer<any>, number[][]]>([
  [
    'SGD',
    (p) => new SGD([p], { lr: 1e-3 }),
    [
      [0.002, 0.8],
      [0.004636, 0.640001],
    ],
  ],
  [
    'momentum, line 581',
    (p) => new SGD([p], { lr: 1e-3, momentum: 0.2, rateInVelocity: true }),
    [
      [0.002, 0.8],
      [0.005036, 0.600001],
    ],
  ],
  [
    'RMSprop with eps inside of the root, line 589',
    (p) => new RMSprop([p], { lr: 0.01, alpha: 0.9, eps: 1e-7, epsInside: true }),
    [
      [0.031623, 0.968377],
      [0.062966, 0.945799],
    ],
  ],
  [
    'Adam, line 609',
    (p) => new Adam([p], { lr: 0.05, eps: 1e-7 }),
    [
      [0.05, 0.95],
      [0.090234, 0.900088],
    ],
  ],
])("lecture notes 000, line 615, the first steps on Rosenbrock's function from (0, 1): %s", (_, make, expected) => {
  const p = tensor([0, 1], { dtype: 'float64' }).requireGrad();
  const optimizer = make(p);
  for (const point of expected) {
    optimizer.zeroGrad();
    rosenbrock(p).backward();
    optimizer.step();
    [...p.data()].forEach((value, i) => {
      expect(value).toBeCloseTo(point[i], 6);
    });
  }
});

it.each<[string, (p: any) => Optimizer<any>, number]>([
  ['SGD', (p) => new SGD([p], { lr: 1e-3 }), 1.258],
  ['momentum', (p) => new SGD([p], { lr: 1e-3, momentum: 0.2, rateInVelocity: true }), 1.2303],
  ["Nesterov's", (p) => new SGD([p], { lr: 1e-3, momentum: 0.2, nesterov: true, rateInVelocity: true }), 1.2279],
  ['Adam', (p) => new Adam([p], { lr: 0.05, eps: 1e-7 }), 0.9175],
  ['RMSprop', (p) => new RMSprop([p], { lr: 0.01, alpha: 0.9, eps: 1e-7, epsInside: true }), 0.5803],
])('lecture notes 000, line 625, the race of 100 steps: %s comes that near to (1, 1)', (_, make, distance) => {
  const p = tensor([0, 1], { dtype: 'float64' }).requireGrad();
  const optimizer = make(p);
  for (let i = 0; i < 100; i++) {
    optimizer.zeroGrad();
    rosenbrock(p).backward();
    optimizer.step();
  }
  const [x, y] = p.data();
  expect(Math.hypot(x - 1, y - 1)).toBeCloseTo(distance, 4);
});

// The numbers are those of the notebooks that lines 248, 278 and 423 link, and of their start.
describe('AND and XOR', () => {
  const { x, and, xor } = gates;
  const start = [0.05488135, 0.07151894, 0.06027634];

  it.each([0, 1])(
    'lecture notes 000, line 262: the perceptron’s rule learns AND, not XOR, with Θ(0) = %i',
    (atZero) => {
      const learn = (y: Tensor): { w: Tensor; output: Tensor } => {
        const w = d(start).requireGrad();
        const optimizer = new SGD([w], { lr: 0.1 });
        const output = (): Tensor => step(x.matmul(w.detach()) as Tensor, atZero);
        for (let epoch = 0; epoch < 10; epoch++) {
          w.grad = x.transpose().matmul(output().sub(y));
          optimizer.step();
        }
        return { w, output: output() };
      };
      const { w, output } = learn(and);
      close(w, [-0.24511865, 0.17151894, 0.16027634], 5e-9);
      expect([...output.data()]).toEqual([0, 0, 0, 1]);
      expect(new Set(learn(xor).output.data()).size).toBe(1);
    },
  );

  const regression = (y: Tensor, reduction: 'mean' | 'sum'): { w: Tensor; output: Tensor } => {
    const w = d(start).requireGrad();
    const optimizer = new SGD([w], { lr: 0.1 });
    const epoch = capture(() => {
      optimizer.zeroGrad();
      binaryCrossEntropyWithLogits(x.matmul(w) as Tensor, y, { reduction }).backward();
      optimizer.step();
    });
    for (let i = 0; i < 10_000; i++) epoch();
    return { w, output: sigmoid(x.matmul(w) as Tensor) };
  };

  it('lecture notes 000, line 298: logistic regression learns AND by the gradient’s mean, and by its sum', () => {
    const mean = regression(and, 'mean');
    close(mean.w, [-11.28971, 7.411398, 7.411398], 5e-7);
    close(mean.output, [0.000013, 0.020266, 0.020266, 0.971615], 5e-7);
    const sum = regression(and, 'sum');
    close(sum.w, [-15.5074077, 10.22541225, 10.22541225], 5e-9);
    close(sum.output, [1.84e-7, 5.057e-3, 5.057e-3, 0.99292], 5e-7);
    expect(sum.output.slice(0).item()).toBeCloseTo(1.84e-7, 9);
  });

  it.each(['mean', 'sum'] as const)(
    'lecture notes 000, line 302: it gives every case of XOR 0.5, by the %s',
    (reduction) => {
      const { w, output } = regression(xor, reduction);
      close(w, [0, 0, 0]);
      close(output, [0.5, 0.5, 0.5, 0.5]);
    },
  );

  it('lecture notes 000, line 461: a network of nine parameters learns XOR', () => {
    const w1 = d([
      [-0.09090076, 0.05514541],
      [0.2292208, 0.00415394],
      [-0.11179254, 0.05390583],
    ]).requireGrad();
    const w2 = d([-0.05961597, -0.00191305, 0.11750012]).requireGrad();
    const optimizer = new SGD([w1, w2], { lr: 0.1 });
    const one = ones([4, 1], { dtype: 'float64' });
    const epoch = capture((): Tensor => {
      optimizer.zeroGrad();
      const output = concat([one, relu(x.matmul(w1) as Tensor)], 1).matmul(w2) as Tensor;
      const loss = mseLoss(output, xor);
      loss.backward();
      optimizer.step();
      return loss.detach();
    });
    const losses = Array.from({ length: 401 }, () => epoch().item());
    close(d([0, 100, 200, 300].map((i) => losses[i])), [0.5523485297, 0.2075926849, 0.1128989284, 0.0014812676], 5e-9);
    expect(losses[400] / 3.4252e-6).toBeCloseTo(1, 4);
  });
});

it('lecture notes 003, line 642: Adam on bare tensors, reset in every epoch while its count of epochs goes on', () => {
  const weights = tensor(new Float64Array(9).fill(1), { shape: [3, 3] }).requireGrad();
  const optimizer = new Adam([weights], { lr: 1e-3, betas: [0.9, 0.999], epsInside: true });
  for (let epoch = 1; epoch <= 10; epoch++) {
    weights.grad = randomTensor([3, 3], epoch, 'float64').abs().add(0.1);
    // The document's reset forgets the moments, and counts one epoch more: the corrections are those of step `epoch`.
    optimizer.reset();
    const state = optimizer.stateDict();
    optimizer.loadStateDict({ ...state, numbers: { '0.step': epoch - 1 } });
    optimizer.step();
  }
  // 1 − 10⁻³ Σ 0.1 / (1 − 0.9ⁿ) · √((1 − 0.999ⁿ) / 0.001), whatever the gradients are
  for (const weight of weights.data()) expect(weight).toBeCloseTo(0.9939930019853097, 7);
});

it('lecture notes 004, line 3475: where the gradient alternates, Adam hardly moves', () => {
  const w = tensor([0], { dtype: 'float64' }).requireGrad();
  const optimizer = new Adam([w], { lr: 1, eps: 0 });
  let before = 0;
  // With û = 1 the steps are m̂.
  for (const [i, mean] of [1, -0.052632, 0.335793, -0.052632, 0.204415].entries()) {
    w.grad = tensor([i % 2 === 0 ? 1 : -1], { dtype: 'float64' });
    optimizer.step();
    expect(before - w.item()).toBeCloseTo(mean, 5);
    before = w.item();
  }
});

it('lecture notes 004, line 3512: diffGrad’s friction is 1/2 where the gradient stays, 0.731059 where it changes by 1', () => {
  const w = tensor([0, 0], { dtype: 'float64' }).requireGrad();
  const optimizer = new DiffGrad([w], { lr: 1, betas: [0, 0], eps: 0 });
  w.grad = tensor([1, 2], { dtype: 'float64' });
  optimizer.step();
  const before = [...w.data()];
  w.grad = tensor([1, 3], { dtype: 'float64' });
  optimizer.step();
  // Without memory, m̂ / √v̂ = 1.
  const steps = [...w.data()].map((value, i) => before[i] - value);
  expect(steps[0]).toBeCloseTo(0.5, 12);
  expect(steps[1]).toBeCloseTo(0.731059, 6);
});
