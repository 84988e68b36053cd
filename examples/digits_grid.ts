/*
 * Learning rate and penalty belong together: a grid of 7 × 7 of both, 1e-5 to 10, on digits of 8 × 8 pixels, drawn as heat
 * maps of the accuracy on training and on held-out images.
 *
 *     npx tsx examples/digits_grid.ts [FILE] [--short]      # a minute; figures go to runs/digits_grid
 *
 * FILE is scikit-learn's digits as CSV: a header, 64 pixels from 0 to 16, the class. Without it, digits are drawn.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { avgPool2d, crossEntropy, Generator, nn, optim, type Tensor } from 'adjoint';
import { DataLoader, generateDigits, randomSplit, TensorDataset } from 'adjoint/data';
import { readCsv } from 'adjoint/io';
import { accuracy } from 'adjoint/metrics';
import { heatMap } from 'adjoint/plot';
import { gridSearch, logUniform, scoreGrid } from 'adjoint/search';
import { Trainer, terminateOnNaN } from 'adjoint/train';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
});
const [epochs, count] = given.short ? [10, 1000] : [60, 1797];

/** Images [n, 64] and labels [n]. */
async function read(path: string): Promise<[Tensor, Tensor<[number], 'int32'>]> {
  const table = await readCsv(path);
  const numbers = table.toTensor(table.names).slice([0, count]);
  return [numbers.slice(null, [0, 64]), numbers.slice(null, 64).to('int32') as Tensor<[number], 'int32'>];
}

/** 28 × 28 pixels with a border of two are 8 × 8 squares of four. */
function draw(): [Tensor, Tensor<[number], 'int32'>] {
  const { images, labels } = generateDigits(count, { seed: 1 });
  const pixels = images.to('float32').reshape([count, 1, 28, 28]);
  return [avgPool2d(pixels, { kernelSize: 4, padding: 2 }).reshape([count, 64]), labels];
}

const [images, labels] = positionals[0] === undefined ? draw() : await read(positionals[0]);
const data = new TensorDataset(images.sub(images.mean()).div(images.std()), labels);
const held = Math.round(data.length / 5);
const [train, test] = randomSplit(data, [data.length - held, held], { generator: new Generator(1) });

const trainAccuracies: number[] = [];
const result = await gridSearch(
  { rate: logUniform(1e-5, 10), penalty: logUniform(1e-5, 10) },
  async ({ rate, penalty }, { seed }) => {
    const generator = new Generator(seed);
    const model = new nn.Sequential(
      new nn.Linear(64, 50, { generator }),
      new nn.ReLU(),
      new nn.Linear(50, 10, { generator }),
    );
    const optimizer = new optim.SGD(model.parameters(), { lr: rate, weightDecay: penalty });
    const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
    const batches = new DataLoader(train, { batchSize: 32, shuffle: true, seed });
    // The largest rates end in numbers that are none.
    await trainer.fit(batches, { epochs, callbacks: [terminateOnNaN()] });
    trainAccuracies.push((await trainer.evaluate(batches)).accuracy);
    return (await trainer.evaluate(new DataLoader(test, { batchSize: 100 }))).accuracy;
  },
  { direction: 'maximise', points: 7, seed: 1 },
);
const trainResult = { ...result, trials: result.trials.map((trial, i) => ({ ...trial, score: trainAccuracies[i] })) };

await mkdir('runs/digits_grid', { recursive: true });
const logarithms = (values: readonly number[]): number[] => values.map((value) => Math.round(Math.log10(value)));
for (const [name, { trials, direction }] of Object.entries({ train: trainResult, test: result })) {
  const { x, y, values } = scoreGrid({ trials, direction }, 'rate', 'penalty');
  const figure = await heatMap({
    title: `Accuracy on ${name} images`,
    x: { label: 'log₁₀ learning rate' },
    y: { label: 'log₁₀ penalty' },
    z: { label: 'accuracy' },
    grid: { x: logarithms(x), y: logarithms(y), values },
  });
  await writeFile(`runs/digits_grid/${name}.svg`, figure);
  console.log(`accuracy on ${name} images; across: rate ${x.join(' ')}`);
  values.forEach((row, i) => {
    console.log(
      `penalty ${String(y[i]).padEnd(6)}${Array.from(row, (value) => (100 * value).toFixed(0).padStart(4)).join('')}`,
    );
  });
}

const { best, trials } = result;
assert.ok(best !== null);
const { rate, penalty } = best.parameters;
console.log(`best: rate ${rate}, penalty ${penalty}, accuracy ${(100 * best.score).toFixed(1)} %`);
// Drawn digits lose more in 64 pixels, and a few epochs are too few.
assert.ok(best.score > (given.short || positionals[0] === undefined ? 0.75 : 0.95), 'held-out digits are told');
assert.ok(rate > 1e-3 && rate < 10 && penalty < 0.1, 'the best rate is within the grid, with a small penalty');
const scoreOf = (rate: number, penalty: number): number =>
  trials.find(({ parameters }) => parameters.rate === rate && parameters.penalty === penalty)?.score ?? NaN;
assert.ok(scoreOf(1e-5, 1e-5) < best.score / 2, 'nothing is learnt at a rate of 1e-5');
assert.ok(scoreOf(rate, 10) < best.score / 2, 'a penalty of 10 leaves no weights');
