/*
 * Super-convergence: a small residual network learns the pictures of CIFAR-10 at a rate far above the usual, found by a range
 * test, in one cycle up to it and down; and beside it, for as many epochs, at the usual rate, which falls in steps.
 *
 *     npx tsx examples/super_convergence.ts FOLDER [TRAIN TEST]     # three minutes; charts go to runs/super_convergence
 *
 * FOLDER has CIFAR-10 in its binary version. One file is learnt from, data_batch_1.bin or TRAIN, and one is tested on,
 * test_batch.bin or TEST.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { capture, crossEntropy, Generator, nn, optim, seed, type Tensor } from 'adjoint';
import { type Cifar10, DataLoader, readCifar10, TensorDataset, trainTestSplit } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { type Axis, lineChart, lrRangeChart, type Point } from 'adjoint/plot';
import { showProgress, Trainer } from 'adjoint/train';

const [folder, trainFile = 'data_batch_1.bin', testFile = 'test_batch.bin'] = process.argv.slice(2);
assert.ok(
  folder,
  'usage: npx tsx examples/super_convergence.ts FOLDER [TRAIN TEST], with CIFAR-10 in its binary version',
);
const epochs = 12;

const files = await readCifar10(folder, { train: [trainFile], test: [testFile] });
const pixels = files.train.images.to('float32');
const [mean, std] = [pixels.mean([0, 2, 3], { keepDims: true }), pixels.std([0, 2, 3], { keepDims: true })];
const picturesOf = ({ images, labels }: Cifar10) => new TensorDataset(images.to('float32').sub(mean).div(std), labels);
// A tenth of the pictures to learn from shows how a run goes; those to test on are looked at once, at the end.
const parts = trainTestSplit([picturesOf(files.train)], {
  testSize: 0.1,
  stratify: files.train.labels,
  generator: new Generator(1),
});
const validation = new DataLoader(parts.test[0], { batchSize: 250 });
const test = new DataLoader(picturesOf(files.test), { batchSize: 250 });

/** What a run begins with: first weights, their optimiser and the order of the pictures, each time the same. */
function begin() {
  seed(1);
  const model = new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(16),
    new nn.ReLU(),
    new nn.ResidualBlock(16, 32, { stride: 2 }),
    new nn.ResidualBlock(32, 64, { stride: 2 }),
    new nn.GlobalAveragePool2d(),
    new nn.Flatten(),
    new nn.Linear(64, 10),
  );
  // As in He, Zhang, Ren, Sun 2015, arXiv:1512.03385, section 4.2; there too the rate falls to a tenth at 1/2 and 3/4 of the way.
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const train = new DataLoader(parts.train[0], { batchSize: 128, shuffle: true, dropLast: true, seed: 1 });
  return { model, optimizer, train };
}

/** Three epochs at rates from one that hardly learns to one that no longer does. */
function testRange(): optim.LrRange {
  const { model, optimizer, train } = begin();
  const step = capture((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  return optim.lrRangeTest(optimizer, step, { batches: train, from: 0.01, to: 10, steps: 3 * train.length });
}

async function run(name: string, scheduleOf: (optimizer: optim.SGD, stepsOfEpoch: number) => optim.Schedule) {
  console.log(`\n${name}`);
  const { model, optimizer, train } = begin();
  const schedule = scheduleOf(optimizer, train.length);
  const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, metrics: { accuracy } });
  const rates: Point[] = [];
  trainer.on('step', ({ step, lr }) => rates.push([step / train.length, lr]));
  showProgress(trainer, { unit: 'pictures' });
  const history = await trainer.fit(train, { epochs, validation });
  const scores = history.map(({ epoch, validation }): Point => [epoch, validation?.accuracy ?? NaN]);
  return { name, trainer, rates, scores };
}

const range = testRange();
const bound = optim.lrBounds(range).maxLr;
// The losses of a test are noisy: half of where they rise is safer.
const maxLr = bound / 2;
console.log(`the loss begins to diverge at a rate of ${bound.toFixed(2)}`);

const runs = [
  await run(
    `one cycle up to ${maxLr.toFixed(2)}`,
    (optimizer, steps) => new optim.OneCycleLR(optimizer, { maxLr, totalSteps: epochs * steps, every: 'step' }),
  ),
  await run(
    'steps down from 0.1',
    (optimizer) => new optim.MultiStepLR(optimizer, { milestones: [epochs / 2, (3 * epochs) / 4] }),
  ),
];

const out = 'runs/super_convergence';
await mkdir(out, { recursive: true });
const chart = (title: string, y: Axis, points: 'rates' | 'scores') =>
  lineChart({ title, x: { label: 'epoch' }, y, series: runs.map((one) => ({ name: one.name, points: one[points] })) });
await writeFile(`${out}/range.svg`, await lrRangeChart(range));
await writeFile(
  `${out}/rates.svg`,
  await chart('Learning rate', { label: 'learning rate', log: true, domain: [1e-4, 10] }, 'rates'),
);
await writeFile(`${out}/accuracy.svg`, await chart('Accuracy on validation pictures', { label: 'accuracy' }, 'scores'));

const reached: number[] = [];
for (const { name, trainer } of runs) {
  const { accuracy } = await trainer.evaluate(test);
  console.log(`${name}: ${(100 * accuracy).toFixed(2)} % of the test pictures after ${epochs} epochs`);
  reached.push(accuracy);
}
const [cycle, steps] = reached;
assert.ok(maxLr > 0.3, 'the range test finds a rate of several times the usual');
assert.ok(cycle > steps + 0.01, 'in as many epochs one cycle gets further, by a percent of the pictures or more');
assert.ok(cycle > 0.6, 'above 60 % of the test pictures');
