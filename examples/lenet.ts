/* npm start: trains LeNet-5 on handwritten digits, and shows and keeps what one wants to see. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AdjointError,
  argmax,
  backend,
  crossEntropy,
  nn,
  optim,
  seed,
  setBackend,
  setNumThreads,
  ValueError,
} from 'adjoint';
import { DataLoader, type Digits, digitDataset, generateDigits, readMnist } from 'adjoint/data';
import { saveTensors } from 'adjoint/io';
import { accuracy, confusionMatrix, renderConfusion } from 'adjoint/metrics';
import { drawImages, lineChart } from 'adjoint/plot';
import { logMetrics, type StepRecord, showProgress, Trainer } from 'adjoint/train';

const help = `Trains LeNet-5 on 28×28 handwritten digits.

  npm start -- [options]

  --data DIR        folder with MNIST's four IDX files, gzip or not; default: digits drawn by a generator
  --epochs N        passes over the training images (5)
  --batch-size N    images in a step (64)
  --lr X            Adam's learning rate in the first epoch; falls by 30 % each epoch (0.002)
  --seed N          of weights, order and drawn digits (1)
  --threads N       default: all that the machine grants
  --backend NAME    native or reference; default: native where it loads
  --name NAME       of the run; its files go to runs/NAME (lenet5-DATE-TIME)
  --resume          go on with run NAME, or with the latest one, where its checkpoint left it
  --help
`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    epochs: { type: 'string', default: '5' },
    'batch-size': { type: 'string', default: '64' },
    lr: { type: 'string', default: '0.002' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string' },
    backend: { type: 'string' },
    name: { type: 'string' },
    resume: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** LeNet-5 with today's rectifiers and max-pooling. Source: LeCun, Bottou, Bengio, Haffner 1998, section II. */
const lenet5 = () =>
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

async function main(): Promise<void> {
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const number = (name: 'epochs' | 'batch-size' | 'lr' | 'seed' | 'threads'): number => {
    const value = Number(options[name]);
    if (!Number.isFinite(value)) throw new ValueError(`--${name}: must be a number; got '${options[name]}'`);
    return value;
  };
  if (options.backend !== undefined) setBackend(options.backend as 'native' | 'reference');
  if (options.threads !== undefined) setNumThreads(number('threads'));
  seed(number('seed'));

  const folder = runFolder();
  const { name: engine, isa, threads, reason } = backend();
  console.log(
    `${engine} backend, ${isa}, ${threads === 1 ? '1 thread' : `${threads} threads`}${reason ? ` (${reason})` : ''}`,
  );

  const digits = await loadDigits(number('seed'));
  const batchSize = number('batch-size');
  const batches = new DataLoader(digitDataset(digits.train), {
    batchSize,
    shuffle: true,
    seed: number('seed'),
    dropLast: true,
  });
  const test = new DataLoader(digitDataset(digits.test), { batchSize: 500 });

  const model = lenet5();
  console.log(`\n${model.summary([1, 1, 28, 28])}\n`);

  const optimizer = new optim.Adam(model.parameters(), { lr: number('lr') });
  const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
  const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, metrics: { accuracy } });
  const checkpoint = join(folder, 'checkpoint.safetensors');
  if (options.resume) await trainer.resume(checkpoint, batches);

  showProgress(trainer, { unit: 'images' });
  const losses = logMetrics(trainer, join(folder, 'metrics.jsonl'));
  const history = await trainer.fit(batches, {
    epochs: number('epochs'),
    validation: test,
    checkpoint,
    signal: stopSignal(),
  });
  if (history.length < number('epochs')) {
    console.log(
      `\nStopped in epoch ${history.length + 1}. Go on with: npm start -- --resume --name ${folder.slice(5)}`,
    );
    process.exitCode = 130;
    return;
  }

  const outputs = await trainer.predict(test);
  const predicted = outputs.flatMap((logits) => [...argmax(logits, 1).data()]);
  const truth = digits.test.labels.data();
  const testAccuracy = predicted.filter((p, i) => p === truth[i]).length / truth.length;
  console.log(`\nTest accuracy ${(100 * testAccuracy).toFixed(2)} %\n`);
  console.log(renderConfusion(confusionMatrix(truth, predicted, 10)));
  showMistakes(digits.test, predicted);

  const trainSeconds = history.reduce((total, { seconds }) => total + seconds, 0);
  const images = history.length * batches.length * batchSize;
  const summary = {
    testAccuracy,
    testLoss: history[history.length - 1].validation?.loss,
    trainSeconds,
    imagesPerSecond: images / trainSeconds,
    backend: engine,
    isa,
    threads,
    seed: number('seed'),
    epochs: history.length,
    batchSize,
    lr: number('lr'),
  };
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  await saveTensors(join(folder, 'model.safetensors'), model.stateDict());
  writeFileSync(
    join(folder, 'loss.svg'),
    lossCurves(
      losses(),
      history.map(({ validation }) => validation?.loss ?? Number.NaN),
    ),
  );
  console.log(
    `\n${Math.round(summary.imagesPerSecond).toLocaleString('en')} images/s over ${trainSeconds.toFixed(1)} s of training. ` +
      `${folder} has metrics.jsonl, summary.json, model.safetensors, checkpoint.safetensors and loss.svg.`,
  );
}

/** The run's folder, made or found. */
function runFolder(): string {
  if (options.resume) {
    const runs = existsSync('runs') ? readdirSync('runs').map((name) => join('runs', name)) : [];
    const latest = runs.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
    const folder = options.name === undefined ? latest : join('runs', options.name);
    if (folder === undefined || !existsSync(folder))
      throw new ValueError(`--resume: there is no run ${options.name ?? ''} in runs/`);
    return folder;
  }
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const folder = join('runs', options.name ?? `lenet5-${stamp}`);
  if (existsSync(folder))
    throw new ValueError(`--name: ${folder} exists; add --resume to go on with it, or choose another name`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function loadDigits(seed: number): Promise<{ train: Digits; test: Digits }> {
  if (options.data !== undefined) return readMnist(options.data);
  console.log('Drawing 60,000 + 10,000 digits (--data DIR reads MNIST instead)');
  return { train: generateDigits(60_000, { seed }), test: generateDigits(10_000, { seed: seed + 1_000_000 }) };
}

/** Ctrl-C once: finish the step, save, leave. Twice: leave at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}

function showMistakes(digits: Digits, predicted: number[]): void {
  const truth = digits.labels.data();
  const wrong = predicted.flatMap((p, i) => (p === truth[i] ? [] : [i])).slice(0, 5);
  if (wrong.length === 0) return;
  const images = wrong.map((i) => ({
    pixels: digits.images.slice(i).data(),
    caption: `${truth[i]} read as ${predicted[i]}`,
  }));
  console.log(`\nSome wrong answers:\n${drawImages(images, 28, 28)}`);
}

function lossCurves(steps: StepRecord[], validation: number[]): string {
  const perEpoch = steps.length / validation.length;
  return lineChart({
    title: 'LeNet-5',
    x: { label: 'step' },
    y: { label: 'cross-entropy', log: true },
    series: [
      { name: 'training', points: steps.map(({ step, loss }) => [step, loss]), smooth: 0.98 },
      { name: 'test', points: validation.map((loss, i) => [(i + 1) * perEpoch, loss]) },
    ],
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof AdjointError ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});
