import {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  Generator,
  nn,
  ones,
  optim,
  rand,
  randint,
  randn,
  seed,
  type Tensor,
  zeros,
} from 'adjoint';
import { lenet5, mlp } from '../../bench/models.js';

/** A training step with everything that it changes: made anew, it begins anew. */
export interface Job {
  step: (...inputs: Tensor[]) => Tensor;
  batch: () => Tensor[];
  /** What is beside the losses: parameters, running statistics. */
  state: () => Tensor[];
}

const classifier =
  (build: () => nn.Module, input: number[], { clip }: { clip?: number } = {}) =>
  (): Job => {
    seed(7);
    const model = build();
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: 100 });
    const data = new Generator(3);
    return {
      step: (x, labels) => {
        optimizer.zeroGrad();
        const loss = crossEntropy(model.forward(x), labels as Tensor<any, 'int32'>);
        loss.backward();
        if (clip !== undefined) optim.clipGradNorm(model.parameters(), clip);
        optimizer.step();
        schedule.step();
        return loss;
      },
      batch: () => [rand(input, { generator: data }), randint(0, 10, [input[0]], { generator: data })],
      state: () => [...model.stateDict().values()],
    };
  };

/** The network of two convolution blocks of the benchmarks, with `width` channels in the first. */
const vgg = (width: number, size: number) => () =>
  new nn.Sequential(
    new nn.Conv2d(3, width, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(width, width, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(width, 2 * width, 3, { padding: 1 }),
    new nn.BatchNorm2d(2 * width),
    new nn.ReLU(),
    new nn.Conv2d(2 * width, 2 * width, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(2 * width * (size / 4) ** 2, 10),
  );

/** Two networks and two optimisers; the generator's gradients run through the discriminator, random numbers within. */
function gan(): Job {
  seed(11);
  const generator = new nn.Sequential(new nn.Linear(8, 24), new nn.Tanh(), new nn.Linear(24, 2));
  const discriminator = new nn.Sequential(new nn.Linear(2, 24), new nn.LeakyReLU(0.2), new nn.Linear(24, 1));
  const gOptimizer = new optim.Adam(generator.parameters(), { lr: 2e-3, betas: [0.5, 0.999] });
  const dOptimizer = new optim.SGD(discriminator.parameters(), { lr: 0.05, momentum: 0.5, dampening: 0.1 });
  const data = new Generator(5);
  return {
    step: (real) => {
      const n = real.shape[0];
      const fake: Tensor = generator.forward(randn([n, 8]));
      dOptimizer.zeroGrad();
      const dLoss = binaryCrossEntropyWithLogits(discriminator.forward(real), ones([n, 1])).add(
        binaryCrossEntropyWithLogits(discriminator.forward(fake.detach()), zeros([n, 1])),
      );
      dLoss.backward();
      dOptimizer.step();
      gOptimizer.zeroGrad();
      const gLoss = binaryCrossEntropyWithLogits(discriminator.forward(fake), ones([n, 1]));
      gLoss.backward();
      gOptimizer.step();
      return dLoss.add(gLoss);
    },
    batch: () => [randn([32, 2], { generator: data })],
    state: () => [...generator.parameters(), ...discriminator.parameters()],
  };
}

const dropping = () =>
  new nn.Sequential(
    new nn.Linear(20, 64),
    new nn.BatchNorm1d(64),
    new nn.GELU(),
    new nn.Dropout(0.3),
    new nn.Linear(64, 10),
  );

/** Jobs whose steps are run with and without capture. */
export const jobs: Record<string, () => Job> = {
  MLP: classifier(mlp, [16, 784]),
  'LeNet-5': classifier(lenet5, [8, 1, 28, 28]),
  'VGG-like': classifier(vgg(8, 16), [4, 3, 16, 16]),
  'GAN with two optimisers': gan,
  'MLP with dropout and clipping': classifier(dropping, [32, 20], { clip: 0.5 }),
};
