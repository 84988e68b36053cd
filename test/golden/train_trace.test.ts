import { nn } from 'adjoint';
import { Adam, AdamW, type Optimizer, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { expectClose, type Float, read, toTensor } from './golden.js';

/* Ten training steps, each with its loss and the norm of its gradients, and the parameters at the end. */

type Recorded = Parameters<typeof toTensor>[0];

interface Trace {
  name: string;
  x: Recorded;
  y: Recorded;
  initial: Record<string, Recorded>;
  trace: { loss: number; grad_norm: number }[];
  final: Record<string, Recorded>;
}

interface Training {
  net: (dtype: Float) => nn.Module;
  optimiser: (net: nn.Module) => Optimizer<any>;
}

const trainings: Record<string, Training> = {
  mlp: {
    net: (dtype) => new nn.Sequential(new nn.Linear(8, 16, { dtype }), new nn.ReLU(), new nn.Linear(16, 4, { dtype })),
    optimiser: (net) => new Adam(net.parameters(), { lr: 0.01 }),
  },
  cnn: {
    net: (dtype) =>
      new nn.Sequential(
        new nn.Conv2d(1, 4, 3, { padding: 1, dtype }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(4, 6, 3, { dtype }),
        new nn.ReLU(),
        new nn.AvgPool2d(2),
        new nn.Flatten(),
        new nn.Linear(24, 3, { dtype }),
      ),
    optimiser: (net) => new SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }),
  },
  cnn_bn: {
    net: (dtype) =>
      new nn.Sequential(
        new nn.Conv2d(2, 4, 3, { padding: 1, bias: false, dtype }),
        new nn.BatchNorm2d(4, { dtype }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(36, 3, { dtype }),
      ),
    optimiser: (net) => new AdamW(net.parameters(), { lr: 0.01, weightDecay: 0.01 }),
  },
};

/** Models of layers that this package does not have. */
const others = ['lstm'];

describe.each(engines)('training on $name', ({ use }) => {
  it.each(read<Trace>('train_trace').filter(({ name }) => !others.includes(name)))('$name', (recorded) => {
    use();
    for (const float of ['float64', 'float32'] as const) retrace(recorded, trainings[recorded.name], float);
  });
});

function retrace({ x, y, initial, trace, final }: Trace, training: Training, float: Float): void {
  const net = training.net(float);
  const state = new Map(Object.entries(initial).map(([name, value]) => [name, toTensor(value, float)]));
  // PyTorch's trace begins with fresh running statistics, which it does not record.
  expect(net.loadStateDict(state, { strict: false }).unexpected).toEqual([]);
  const optimiser = training.optimiser(net);
  const loss = new nn.CrossEntropyLoss();
  const input = toTensor(x, float);
  const labels = toTensor(y, float);
  trace.forEach((step, i) => {
    net.zeroGrad();
    const value = loss.forward(net.forward(input), labels);
    value.backward();
    const squares = net.parameters().map((parameter) => Number(parameter.grad?.square().sum().item()));
    const norm = Math.sqrt(squares.reduce((a, b) => a + b, 0));
    expectClose(`loss of step ${i}`, value, { shape: [], data: [step.loss] }, float);
    const relative = Math.abs(norm / step.grad_norm - 1);
    expect(relative, `norm of the gradients of step ${i}`).toBeLessThan(float === 'float64' ? 1e-12 : 1e-4);
    optimiser.step();
  });
  const parameters = new Map(net.namedParameters());
  for (const [name, value] of Object.entries(final)) expectClose(name, parameters.get(name) ?? null, value, float);
}
