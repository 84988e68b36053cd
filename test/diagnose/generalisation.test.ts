import {
  crossEntropy,
  Generator,
  linalg,
  matmul,
  nn,
  optim,
  randint,
  randn,
  relu,
  roll,
  seed,
  type Tensor,
} from 'adjoint';
import { DataLoader, generateDigits, TensorDataset } from 'adjoint/data';
import { checkConvergence, errorGaps, learningCurve } from 'adjoint/diagnose';
import { accuracy, generalisationGap } from 'adjoint/metrics';
import { summarise } from 'adjoint/stats';
import { Trainer } from 'adjoint/train';
import { describe, expect, it } from 'vitest';

type Examples = [Tensor<[number, 784]>, Tensor<[number], 'int32'>];

/** Images as rows from 0 to 1, and labels. */
const digits = (count: number, seed: number): Examples => {
  const { images, labels } = generateDigits(count, { seed });
  return [images.to('float32').div(255).reshape([count, 784]), labels];
};

const batches = (examples: Examples, shuffle: boolean) =>
  new DataLoader(new TensorDataset(...examples), { batchSize: 50, shuffle, seed: 1 });

async function trained(examples: Examples, epochs: number) {
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
  const optimizer = new optim.Adam(model.parameters(), { lr: 2e-3 });
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
  await trainer.fit(batches(examples, true), { epochs });
  const accuracyOf = async (some: Examples) => (await trainer.evaluate(batches(some, false))).accuracy;
  return { trainer, accuracyOf };
}

it('random labels of ten classes are learnt by heart: train 100 %, test 10 % (lecture notes 004, line 3546)', async () => {
  seed(1);
  const [images] = digits(400, 1);
  const examples: Examples = [images, randint(0, 10, [400])];
  const { trainer, accuracyOf } = await trained(examples, 60);
  const [train, test] = [await accuracyOf(examples), await accuracyOf(digits(2000, 2))];
  expect(train).toBe(1);
  // Chance, with a deviation of 0.007 over these 2000, and what 400 labels happen to have in common with the truth.
  expect(Math.abs(test - 0.1)).toBeLessThan(0.05);
  expect(generalisationGap(train, test)).toBeGreaterThan(0.85);
  // By the training data alone nothing is wrong.
  expect(checkConvergence(trainer.history).every(({ passed }) => passed)).toBe(true);
});

it('two dev sets tell data that differ from a model that overfits (lecture notes 003, lines 584–588)', async () => {
  seed(2);
  const examples = digits(1500, 3);
  const { accuracyOf } = await trained(examples, 6);
  const [train, trainDev] = [await accuracyOf(examples), await accuracyOf(digits(600, 4))];
  const [images, labels] = digits(600, 5);
  const alike = errorGaps({ train, trainDev, dev: await accuracyOf([images, labels]) });
  // As by a scanner that places its paper four pixels further right.
  const moved = roll(images.reshape([600, 28, 28]), 4, 2).reshape([600, 784]) as Tensor<[number, 784]>;
  const apart = errorGaps({ train, trainDev, dev: await accuracyOf([moved, labels]) });
  expect(apart.variance).toBe(alike.variance);
  expect(Math.abs(alike.mismatch)).toBeLessThan(0.05);
  expect(apart.mismatch).toBeGreaterThan(0.2);
});

/** A noisy linear function of standard normal inputs. */
function regression(n: number, features: number, sigma: number, generator: Generator): { x: Tensor; y: Tensor } {
  const x = randn([n, features], { dtype: 'float64', generator });
  const y = x.sum(1, { keepDims: true }).div(Math.sqrt(features));
  return { x, y: y.add(randn([n, 1], { dtype: 'float64', generator }).mul(sigma)) };
}

const meanSquare = (x: Tensor): number => Number(x.square().mean().item());

it('learning curves of least squares are those of the theory', async () => {
  const [features, sigma] = [5, 0.5];
  const curve = await learningCurve(
    (count, seed) => {
      const generator = new Generator(seed);
      const { x, y } = regression(count, features, sigma, generator);
      const { solution } = linalg.lstsq(x, y);
      const held = regression(200, features, sigma, generator);
      return { train: meanSquare(matmul(x, solution).sub(y)), test: meanSquare(matmul(held.x, solution).sub(held.y)) };
    },
    [15, 30, 60, 120],
    { seeds: 300 },
  );
  for (const { count: n, summary } of curve) {
    // σ² (1 − p / n) of the data learnt from, σ² (1 + p / (n − p − 1)) of others.
    expect(Math.abs(summary.train.mean / (sigma ** 2 * (1 - features / n)) - 1)).toBeLessThan(0.08);
    expect(Math.abs(summary.test.mean / (sigma ** 2 * (1 + features / (n - features - 1))) - 1)).toBeLessThan(0.08);
  }
});

describe('double descent', () => {
  // Lecture notes 001, lines 796–807; Belkin, Hsu, Ma, Mandal 2019, arXiv:1812.11118, with random ReLU features.
  it('has its peak where there are as many features as examples, and falls again', () => {
    const [n, inputs, sigma] = [40, 8, 0.3];
    const widths = [10, 40, 400];
    const errors = widths.map((width) =>
      Array.from({ length: 15 }, (_, run) => {
        const generator = new Generator(run);
        const [train, test] = [n, 200].map((count) => regression(count, inputs, sigma, generator));
        const weights = randn([inputs, width], { dtype: 'float64', generator });
        const features = (x: Tensor): Tensor => relu(matmul(x, weights)).div(Math.sqrt(width));
        // The shortest of the exact solutions where there are several.
        const { solution } = linalg.lstsq(features(train.x), train.y);
        return {
          train: meanSquare(matmul(features(train.x), solution).sub(train.y)),
          test: meanSquare(matmul(features(test.x), solution).sub(test.y)),
        };
      }),
    );
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
    const [narrow, even, wide] = errors.map((runs) => median(runs.map(({ test }) => test)));
    expect(even).toBeGreaterThan(4 * narrow);
    expect(even).toBeGreaterThan(4 * wide);
    // From there on the training data are met exactly.
    expect(errors.map((runs) => summarise(runs.map(({ train }) => train)).most < 1e-10)).toEqual([false, true, true]);
  });
});
