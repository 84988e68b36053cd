import { type Conv2dAlgorithm, nn, type Shape, type Tensor } from 'adjoint';

/* The networks that the benchmarks train and run; bench/peers/pytorch_work.py has the same. */

export const lenet5 = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 120),
    new nn.ReLU(),
    new nn.Linear(120, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  );

export const mlp = () =>
  new nn.Sequential(
    new nn.Linear(784, 512),
    new nn.ReLU(),
    new nn.Linear(512, 256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
  );

export const smallMlp = () => new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));

/** Two blocks of two convolutions, as in the networks of Simonyan and Zisserman 2014, on 32×32 images. */
export const vgg = (algorithm: Conv2dAlgorithm = 'direct') =>
  new nn.Sequential(
    new nn.Conv2d(3, 64, 3, { padding: 1, algorithm }),
    new nn.ReLU(),
    new nn.Conv2d(64, 64, 3, { padding: 1, algorithm }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(64, 128, 3, { padding: 1, algorithm }),
    new nn.ReLU(),
    new nn.Conv2d(128, 128, 3, { padding: 1, algorithm }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(128 * 64, 10),
  );

const normalisedBlock = (channels: number, filters: number): nn.Module[] => [
  new nn.Conv2d(channels, filters, 3, { padding: 1, bias: false }),
  new nn.BatchNorm2d(filters),
  new nn.ReLU(),
];

/** The same with a batch norm behind each convolution. */
const normalisedVgg = () =>
  new nn.Sequential(
    ...normalisedBlock(3, 64),
    ...normalisedBlock(64, 64),
    new nn.MaxPool2d(2),
    ...normalisedBlock(64, 128),
    ...normalisedBlock(128, 128),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(128 * 64, 10),
  );

/** Says a class after the last of the steps: x [steps, batch, 64]. */
class LastStep extends nn.Module {
  readonly recurrent = new nn.LSTM(64, 256);
  readonly head = new nn.Linear(256, 10);

  forward(x: Tensor): Tensor {
    const [output] = this.recurrent.forward(x);
    return this.head.forward(output.slice(-1));
  }
}

/** A pre-norm layer of an encoder, without dropout. */
const transformer = () =>
  new nn.TransformerEncoderLayer(256, 4, {
    dimFeedforward: 1024,
    dropout: 0,
    batchFirst: true,
    normFirst: true,
  });

export interface Network {
  name: string;
  /** Its name among all competitors. */
  ask: string;
  build: () => nn.Module;
  input: Shape;
  /** Labels in a batch; where there are none, it learns a tensor of its input's shape. */
  labels?: number;
  /** Floating-point operations of products and convolutions; a step of training does without the input's gradient. */
  flop: { inference: number; training: number };
}

export const networks: readonly Network[] = [
  {
    name: 'MLP 784-512-256-10, batch 128',
    ask: 'mlp',
    build: mlp,
    input: [128, 784],
    labels: 128,
    flop: { inference: 0.137e9, training: 0.308e9 },
  },
  {
    name: 'LeNet-5, batch 64',
    ask: 'lenet',
    build: lenet5,
    input: [64, 1, 28, 28],
    labels: 64,
    flop: { inference: 0.0533e9, training: 0.145e9 },
  },
  {
    name: 'VGG-like, batch 32',
    ask: 'vgg',
    build: () => vgg(),
    input: [32, 3, 32, 32],
    labels: 32,
    flop: { inference: 6.16e9, training: 18.4e9 },
  },
  {
    name: 'LSTM 64→256, 32 steps, batch 64',
    ask: 'lstm',
    build: () => new LastStep(),
    input: [32, 64, 64],
    labels: 64,
    flop: { inference: 1.34e9, training: 3.76e9 },
  },
  {
    name: 'Transformer block of width 256, 16×128',
    ask: 'transformer',
    build: transformer,
    input: [16, 128, 256],
    flop: { inference: 3.49e9, training: 10.5e9 },
  },
];

export const vggByWinograd: Network = {
  ...(networks.find(({ ask }) => ask === 'vgg') as Network),
  name: 'VGG-like by Winograd, batch 32',
  ask: 'vgg-winograd',
  build: () => vgg('winograd'),
};

/** What folding batch norms into convolutions is worth. */
export const normalised: readonly Network[] = [
  {
    name: 'VGG-like with batch norms, batch 32',
    ask: 'normalised',
    build: normalisedVgg,
    input: [32, 3, 32, 32],
    labels: 32,
    flop: { inference: 6.16e9, training: 18.4e9 },
  },
  {
    name: 'VGG-like with batch norms folded, batch 32',
    ask: 'folded',
    build: () => nn.foldBatchNorm(normalisedVgg().eval()),
    input: [32, 3, 32, 32],
    labels: 32,
    flop: { inference: 6.16e9, training: 18.4e9 },
  },
];

export const small: Network = {
  name: 'MLP 64-32-10, batch 32',
  ask: 'small',
  build: smallMlp,
  input: [32, 64],
  labels: 32,
  flop: { inference: 0.151e6, training: 0.324e6 },
};
