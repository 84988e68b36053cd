import { add, capture, crossEntropy, matmul, type nn, optim, rand, randint, type Shape, type Tensor } from 'adjoint';
import { lenet5, mlp, smallMlp, vgg } from './models.js';

/** What is measured: a name that bench/pytorch.py shares, the work in it, and a function that makes the call to time. */
export interface Case {
  name: string;
  /** Floating-point operations of a call, where its share of the peak means something. */
  flop?: number;
  /** @param eager  whether steps of training run as they are; else they are captured */
  setup: (eager: boolean) => () => unknown;
}

const square = (n: number): Case => ({
  name: `sgemm ${n}³`,
  flop: 2 * n ** 3,
  setup: () => {
    const a = rand([n, n]);
    const b = rand([n, n]);
    return () => matmul(a, b);
  },
});

const sum = (n: number, name: string): Case => ({
  name: `add of ${name} elements`,
  setup: () => {
    const a = rand([n]);
    const b = rand([n]);
    return () => add(a, b);
  },
});

/** One step of training with Adam: forward, cross-entropy, backward, update. */
const step = (name: string, flop: number, build: () => nn.Module, input: Shape): Case => ({
  name,
  flop,
  setup: (eager) => {
    const model = build();
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const x = rand(input);
    const labels = randint(0, 10, [input[0]]);
    const run = (x: Tensor, labels: Tensor<[number], 'int32'>): void => {
      optimizer.zeroGrad();
      crossEntropy(model.forward(x), labels).backward();
      optimizer.step();
    };
    const taken = eager ? run : capture(run);
    return () => taken(x, labels);
  },
});

// The steps' work is that of their products and convolutions: three times the forward's, less the first layer's dx.
export const cases: Case[] = [
  square(512),
  square(1024),
  step('LeNet-5 training step, batch 64', 0.145e9, lenet5, [64, 1, 28, 28]),
  step('MLP 784-512-256-10 training step, batch 128', 0.308e9, mlp, [128, 784]),
  step('MLP 64-32-10 training step, batch 32', 0.324e6, smallMlp, [32, 64]),
  step('VGG-like training step, batch 32', 18.4e9, vgg, [32, 3, 32, 32]),
  sum(16, '16'),
  sum(1_000_000, '10⁶'),
];
