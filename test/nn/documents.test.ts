import {
  binaryCrossEntropyWithLogits,
  Generator,
  halfSseLoss,
  nn,
  type Tensor,
  tensor,
  withoutMemory,
  zeros,
} from 'adjoint';
import { Adam, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

/*
 * The lecture notes' networks of layers: costs step by step, sizes, numbers of parameters. Where the notes print no
 * numbers, these follow from what is printed there; 1.7640… and 0.4001… are what NumPy draws from seed 0.
 */

const [first, second] = [1.764052345967664, 0.4001572083672233];

/** A layer of one input and one output. */
function scalar(weight: number, bias: number): nn.Linear {
  const layer = new nn.Linear(1, 1, { dtype: 'float64' });
  nn.init.constant(layer.weight, weight);
  nn.init.constant(layer.bias as Tensor, bias);
  return layer;
}

/** ½ (a − y)² at x = 4, y = 2x + 1 = 9, before each step of gradient descent and after the last. */
function costs(net: nn.Sequential<readonly nn.Module[]>, lr: number, steps: number): number[] {
  const [x, y] = [tensor([[4]], { dtype: 'float64' }), tensor([[9]], { dtype: 'float64' })];
  const optimizer = new SGD(net.parameters(), { lr });
  const cost = (): Tensor<[]> => halfSseLoss(net.forward(x), y);
  const before = Array.from({ length: steps }, () => {
    optimizer.zeroGrad();
    const loss = cost();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  return [...before, cost().item()];
}

const digits = (values: readonly number[], expected: readonly number[]): void =>
  expected.forEach((value, i) => {
    expect(values[i] / value).toBeCloseTo(1, 11);
  });

describe.each(engines)('small networks on $name', ({ use }) => {
  it.each([
    [
      0.001,
      1000,
      0.983,
      [1.1914020487796488, 1.1512386943132369, 1.112429286689244],
      '1.52e-15',
      [2.1272601936256628, 0.49095917028172],
    ],
    [
      0.01,
      40,
      0.83,
      [1.1914020487796488, 0.820756871404301, 0.5654194087104233],
      '4.0022640019e-7',
      [2.127049693610915, 0.4909065452780356],
    ],
  ])(
    'lecture notes 003, lines 91–112: the perceptron a = w x + b with the rate %d, %i steps',
    (lr, steps, factor, start, last, ends) => {
      use();
      const layer = scalar(first, second);
      const found = costs(new nn.Sequential(layer), lr, steps);
      digits(found, start);
      expect(found[steps].toExponential(last.indexOf('e') - 2)).toBe(last);
      digits([layer.weight.item(), Number(layer.bias?.item())], ends);
      // The error shrinks by 1 − η (x² + 1) a step.
      for (let i = 1; i < 20; i++) expect(found[i] / found[i - 1]).toBeCloseTo(factor ** 2, 11);
    },
  );

  it.each([
    [0.01, [36.895630743854284, 35.435794833330434, 34.03371842183749], 5.103023649482133],
    [0.1, [36.895630743854284, 23.62323174842504, 15.125168103835405], 1.1937160456525954e-8],
  ])('lecture notes 003, lines 194–209: one sigmoid before it, the rate %d, fifty costs', (lr, start, last) => {
    use();
    const layers = [scalar(first, 0.01), new nn.Sigmoid(), scalar(second, 0.01)] as const;
    const found = costs(new nn.Sequential(...layers), lr, 49);
    digits(found, start);
    digits([found[49]], [last]);
  });

  it('lecture notes 003, lines 154–164: its first activations and gradients, with the w₂ that the lines lack', () => {
    use();
    const [hidden, output] = [scalar(first, 0.01), scalar(second, 0.01)];
    const a1: Tensor = hidden.forward(tensor([[4]], { dtype: 'float64' })).sigmoid();
    const a2 = output.forward(a1);
    halfSseLoss(a2, tensor([[9]], { dtype: 'float64' })).backward();
    digits([a1.item(), a2.item()], [0.9991472656438505, 0.4098159805677877]);
    const gradients = [output, hidden].flatMap(({ weight, bias }) =>
      [weight, bias].map((p) => Number(p?.grad?.item())),
    );
    digits(gradients, [-8.582858874393196, -8.590184019432213, -0.011714840186302474, -0.0029287100465756185]);
  });

  it('lecture notes 003, lines 745–758, and 004, line 2483: no neuron is right on all of XOR, two layers are', () => {
    use();
    const points = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    // Line 2483 of 004 prints 1 for [1, 1], which is OR.
    const xor = tensor([[0], [1], [1], [0]]);
    const right = (z: Tensor): Tensor => z.gt(0).eq(xor.ne(0)).sum(0);
    const steps = Array.from({ length: 13 }, (_, i) => (i - 6) / 2);
    const neurons = steps.flatMap((u) => steps.flatMap((v) => steps.map((b) => [u, v, b])));
    const layer = new nn.Linear(2, neurons.length);
    layer.weight.assign(tensor(neurons.map(([u, v]) => [u, v])) as never);
    layer.bias?.assign(tensor(neurons.map(([, , b]) => b)) as never);
    expect(right(layer.forward(points)).max().item()).toBe(3);

    const generator = new Generator(1);
    const net = new nn.Sequential(
      new nn.Linear(2, 8, { generator }),
      new nn.Tanh(),
      new nn.Linear(8, 1, { generator }),
    );
    const optimizer = new Adam(net.parameters(), { lr: 0.1 });
    for (let i = 0; i < 100; i++) {
      optimizer.zeroGrad();
      binaryCrossEntropyWithLogits(net.forward(points), xor).backward();
      optimizer.step();
    }
    expect(right(net.forward(points)).item()).toBe(4);
  });
});

const count = (module: nn.Module): number => module.parameters().reduce((sum, { size }) => sum + size, 0);
const dense = (...sizes: number[]): nn.Sequential =>
  new nn.Sequential(...sizes.slice(1).map((size, i) => new nn.Linear(sizes[i], size)));

it.each<[notes: string, what: string, parameters: number, make: () => nn.Module]>([
  ['003, line 870', 'a neuron that sees 32 × 32 × 3', 3072, () => new nn.Linear(32 * 32 * 3, 1, { bias: false })],
  [
    '003, line 870',
    'a neuron that sees 200 × 200 × 3',
    120_000,
    () => new nn.Linear(200 * 200 * 3, 1, { bias: false }),
  ],
  ['003, line 242', 'the network 2-2-1', 9, () => dense(2, 2, 1)],
  ['003, lines 732–735', 'the network 64-100-30-10', 9840, () => dense(64, 100, 30, 10)],
  ['003, lines 822–827', 'the network 8-12-8-1', 221, () => dense(8, 12, 8, 1)],
  ['004, line 2531', 'd n + n s + n + s for 13-7-5', 138, () => dense(13, 7, 5)],
  [
    '004, line 2543',
    'the network 2:3:2:1 without biases',
    14,
    () => new nn.Sequential(...[2, 3, 2].map((size, i) => new nn.Linear(size, [3, 2, 1][i], { bias: false }))),
  ],
  ['004, line 4024', 'six filters of 5 × 5 × 3', 456, () => new nn.Conv2d(3, 6, 5)],
])('lecture notes %s: %s has %i parameters', (_, __, parameters, make) => {
  expect(count(withoutMemory(make))).toBe(parameters);
});

/** The shapes of all results, without the axis of the batch, and the numbers of parameters that are not 0. */
function through(make: () => nn.Module[], input: readonly number[]): { shapes: number[][]; counts: number[] } {
  const layers = withoutMemory(make);
  const shapes = withoutMemory(() => {
    let x: Tensor = zeros([1, ...input]);
    return layers.map((layer) => {
      x = layer.forward(x) as Tensor;
      return x.shape.slice(1);
    });
  });
  return { shapes, counts: layers.map(count).filter((n) => n > 0) };
}

it('lecture notes 003, lines 908–918: from an image to ten scores, with filters of 3 × 3', () => {
  const { shapes, counts } = through(
    () => [
      new nn.Conv2d(3, 12, 3, { padding: 'same' }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(16 * 16 * 12, 10),
    ],
    [3, 32, 32],
  );
  expect(shapes).toEqual([[12, 32, 32], [12, 32, 32], [12, 16, 16], [3072], [10]]);
  expect(counts).toEqual([336, 30_730]);
});

it('lecture notes 004, lines 4042–4049: (W − F + 2 P) / S + 1 is 28 of 32; lines 5101–5115: 55 of 227', () => {
  const conv = (size: number, kernel: number, stride = 1): number[] =>
    through(() => [new nn.Conv2d(3, 6, kernel, { stride })], [3, size, size]).shapes[0];
  expect(conv(32, 5)).toEqual([6, 28, 28]);
  expect(conv(227, 11, 4)).toEqual([6, 55, 55]);
  expect(conv(228, 11, 4)).toEqual([6, 55, 55]);
});

it('lecture notes 004, line 5130: the network of enzymes as voxels', () => {
  const { shapes, counts } = through(
    () => [
      new nn.Conv3d(1, 32, 9, { stride: 2 }),
      new nn.Conv3d(32, 64, 5),
      new nn.MaxPool3d(2),
      new nn.Flatten(),
      new nn.Linear(4096, 128),
      new nn.Linear(128, 6),
    ],
    [1, 32, 32, 32],
  );
  expect(shapes).toEqual([[32, 12, 12, 12], [64, 8, 8, 8], [64, 4, 4, 4], [4096], [128], [6]]);
  expect(counts).toEqual([23_360, 256_064, 524_416, 774]);
});

/** Layers of a line of text: M a pool of 2 × 2, 3x64/2 a convolution of 3 × 3 to 64 channels at steps of 2. */
function convolutions(line: string): nn.Module[] {
  let from = 3;
  return line.split(' ').map((entry) => {
    if (entry === 'M') return new nn.MaxPool2d(2);
    const [size, to, stride = 1] = entry.split(/[x/]/).map(Number);
    const conv = new nn.Conv2d(from, to, size, { stride, padding: (size - 1) / 2 });
    from = to;
    return conv;
  });
}

/** Channels and size, as the tables print them. */
const volumes = (shapes: number[][]): string =>
  shapes.map(([channels, size]) => (size === undefined ? `${channels}` : `${size}x${channels}`)).join(' ');

it.each([
  ['512 filters of 1 × 1, as printed', '1x512', 270_654_974],
  ['512 of 3 × 3, as in its paper', '3x512', 271_703_550],
])('lecture notes 004, lines 7274–7305: YOLO’s table, whose sixth convolution has %s', (_, sixth, parameters) => {
  // The first row is printed twice, one convolution of the 24.
  const table =
    `7x64/2 M 3x192 M 1x128 3x256 1x256 ${sixth} M 1x256 3x512 1x256 3x512 1x256 3x512 1x256 3x512 1x512 3x1024 M ` +
    '1x512 3x1024 1x512 3x1024 3x1024 3x1024/2 3x1024 3x1024';
  const head = (): nn.Module[] => [
    new nn.Flatten(),
    new nn.Linear(7 * 7 * 1024, 4096),
    new nn.Linear(4096, 7 * 7 * 30),
  ];
  const { shapes, counts } = through(() => [...convolutions(table), ...head()], [3, 448, 448]);
  expect(volumes(shapes)).toBe(
    '224x64 112x64 112x192 56x192 56x128 56x256 56x256 56x512 28x512 28x256 28x512 28x256 28x512 28x256 28x512 28x256 ' +
      '28x512 28x512 28x1024 14x1024 14x512 14x1024 14x512 14x1024 14x1024 7x1024 7x1024 7x1024 50176 4096 1470',
  );
  expect(counts.length).toBe(24 + 2);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(parameters);
});

it('lecture notes 004, lines 7473–7497: Darknet-19', () => {
  const table =
    '3x32 M 3x64 M 3x128 1x64 3x128 M 3x256 1x128 3x256 M 3x512 1x256 3x512 1x256 3x512 M ' +
    '3x1024 1x512 3x1024 1x512 3x1024 1x1000';
  const { shapes, counts } = through(
    () => [...convolutions(table), new nn.GlobalAveragePool2d(), new nn.Flatten()],
    [3, 224, 224],
  );
  expect(volumes(shapes)).toBe(
    '224x32 112x32 112x64 56x64 56x128 56x64 56x128 28x128 28x256 28x128 28x256 14x256 14x512 14x256 14x512 14x256 ' +
      '14x512 7x512 7x1024 7x512 7x1024 7x512 7x1024 7x1000 1x1000 1000',
  );
  expect(counts.length).toBe(19);
});
