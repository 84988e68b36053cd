/* npm start: trains LeNet-5 on handwritten digits, and shows and keeps what one wants to see. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AdjointError,
  backend,
  crossEntropy,
  nn,
  optim,
  type ProductDType,
  seed,
  setBackend,
  setNumThreads,
  softmax,
  type Tensor,
  ValueError,
} from 'adjoint';
import { DataLoader, type Digits, digitDataset, generateDigits, readMnist } from 'adjoint/data';
import { saveTensors } from 'adjoint/io';
import { accuracy, accuracyOf, confusionMatrix } from 'adjoint/metrics';
import { drawImages, lineChart, renderConfusion } from 'adjoint/plot';
import { startProfile } from 'adjoint/profile';
import { type Batches, logMetrics, type StepRecord, showProgress, stopOnInterrupt, Trainer } from 'adjoint/train';

const help = `Trains LeNet-5 on 28×28 handwritten digits.

  npm start -- [options]

  --data DIR        folder with MNIST's four IDX files, gzip or not; default: digits drawn by a generator
  --epochs N        passes over the training images (5)
  --batch-size N    images in a step (64)
  --lr X            Adam's learning rate in the first epoch; falls by 30 % each epoch (0.002)
  --precision NAME  float32, or bfloat16 for products in it (float32)
  --seed N          of weights, order and drawn digits (1)
  --threads N       default: all that the machine grants
  --backend NAME    native or reference; default: native where it loads
  --name NAME       of the run; its files go to runs/NAME (lenet5-DATE-TIME)
  --resume          go on with run NAME, or with the latest one, where its checkpoint left it and with its options
  --profile [STEPS] train so many steps (100), 10 before them, and no more; show where their time goes, and keep it in
                    runs/NAME/trace.json for chrome://tracing or ui.perfetto.dev
  --help
`;

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

const defaults = { epochs: '5', 'batch-size': '64', lr: '0.002', precision: 'float32', seed: '1' };

async function main(): Promise<void> {
  const { values: given } = parseArgs({
    args: withSteps(process.argv.slice(2)),
    options: {
      data: { type: 'string' },
      epochs: { type: 'string' },
      'batch-size': { type: 'string' },
      lr: { type: 'string' },
      precision: { type: 'string' },
      seed: { type: 'string' },
      threads: { type: 'string' },
      backend: { type: 'string' },
      name: { type: 'string' },
      resume: { type: 'boolean' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { name, resume = false, profile: profiled, help: wantsHelp, ...settings } = given;
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const folder = resume ? findRun(name) : newRun(name);
  const checkpoint = join(folder, 'checkpoint.safetensors');
  const before: typeof settings = resume ? JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) : {};
  for (const option of resume ? (['batch-size', 'lr', 'precision', 'seed'] as const) : []) {
    if (settings[option] !== undefined && settings[option] !== before[option]) {
      throw new ValueError(
        `--${option}: ${folder} was begun with ${before[option]}; got ${settings[option]}; leave it out`,
      );
    }
  }
  const options = { ...defaults, ...before, ...settings };
  const epochs = whole('epochs', options.epochs, 1);
  const batchSize = whole('batch-size', options['batch-size'], 1);
  const lr = Number(options.lr);
  const seedNumber = whole('seed', options.seed, 0);
  const profiledSteps = profiled === undefined ? undefined : whole('profile', profiled, 1);

  if (options.backend !== undefined) setBackend(options.backend as 'native' | 'reference');
  if (options.threads !== undefined) setNumThreads(whole('threads', options.threads, 1));
  const { name: engine, isa, threads, reason } = backend();
  console.log(`${engine} backend, ${isa}, ${count(threads, 'thread')}${reason === undefined ? '' : ` (${reason})`}`);

  seed(seedNumber);
  const digits = await loadDigits(options.data, seedNumber);
  const batches = new DataLoader(digitDataset(digits.train), {
    batchSize,
    shuffle: true,
    seed: seedNumber,
    dropLast: true,
  });
  const test = new DataLoader(digitDataset(digits.test), { batchSize: 500 });

  const model = lenet5();
  const optimizer = new optim.Adam(model.parameters(), { lr });
  const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
  const precision = options.precision as ProductDType;
  const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, metrics: { accuracy }, precision });
  if (resume) await trainer.resume(checkpoint, batches);
  console.log(`\n${model.summary([1, 1, 28, 28])}\n`);

  mkdirSync(folder, { recursive: true });
  if (profiledSteps !== undefined) return profileTraining(trainer, batches, profiledSteps, join(folder, 'trace.json'));
  writeFileSync(join(folder, 'options.json'), `${JSON.stringify(options, null, 2)}\n`);
  showProgress(trainer, { unit: 'images' });
  const losses = logMetrics(trainer, join(folder, 'metrics.jsonl'));
  const interrupted = stopOnInterrupt(trainer);
  const history = await trainer.fit(batches, { epochs, validation: test, checkpoint });
  if (history.length < epochs) {
    console.log(
      `\nStopped in epoch ${history.length + 1}. To go on:\n  npm start -- --resume --name ${basename(folder)}`,
    );
    process.exitCode = 128 + constants.signals[interrupted() as NodeJS.Signals];
    return;
  }

  const answers = (await trainer.predict(test)).flatMap(readAnswers);
  const confusion = confusionMatrix({ classes: 10 })(
    answers.map(({ digit }) => digit),
    digits.test.labels,
  );
  const testAccuracy = accuracyOf(confusion);
  const colour = process.stdout.isTTY === true && process.stdout.hasColors(256);
  console.log(`\nTest accuracy ${(100 * testAccuracy).toFixed(2)} %\n`);
  process.stdout.write(renderConfusion(confusion, undefined, { colour }));
  showMistakes(digits.test, answers, colour);

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
    seed: seedNumber,
    epochs: history.length,
    batchSize,
    lr,
    precision,
  };
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  await saveTensors(join(folder, 'model.safetensors'), model.stateDict());
  writeFileSync(
    join(folder, 'loss.svg'),
    await lossCurves(
      losses(),
      history.map(({ validation }) => validation?.loss ?? Number.NaN),
    ),
  );
  const speed = Math.round(summary.imagesPerSecond);
  console.log(`\nTrained on ${count(images, 'image')} in ${trainSeconds.toFixed(1)} s, ${count(speed, 'image')}/s.`);
  console.log(`Kept in ${folder}: loss.svg, metrics.jsonl, summary.json,`);
  console.log('model.safetensors, checkpoint.safetensors.');
}

/** The command line with the number of steps that `--profile` may leave out. */
const withSteps = (args: string[]): string[] =>
  args.flatMap((arg, i) => (arg === '--profile' && !/^\d/.test(args[i + 1] ?? '') ? [arg, '100'] : [arg]));

/** Steps before a profile, in which the compiler warms up. */
const warmUp = 10;

/** Trains some steps, and shows and keeps where their time went. Changes nothing else of the run. */
async function profileTraining(
  trainer: Trainer<'accuracy'>,
  batches: Batches,
  steps: number,
  path: string,
): Promise<void> {
  const controller = new AbortController();
  const first = trainer.step + warmUp;
  const epochs = trainer.history.length + Math.ceil((warmUp + steps) / batches.length) + 1;
  let profiler: ReturnType<typeof startProfile> | undefined;
  trainer.on('step', ({ step }) => {
    if (step === first) profiler = startProfile();
    if (step !== first + steps || profiler === undefined) return;
    const report = profiler.stop();
    controller.abort();
    console.log(`${count(steps, 'step')}:\n\n${report.table()}`);
    writeFileSync(path, JSON.stringify(report.chromeTrace()));
    console.log(`The time line is in ${path}: open it with chrome://tracing or ui.perfetto.dev.`);
  });
  await trainer.fit(batches, { epochs, signal: controller.signal });
}

/** A whole number of the command line. */
function whole(option: string, text: string, least: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ValueError(`--${option}: must be a whole number ≥ ${least}; got '${text}'`);
  }
  return value;
}

/** `1 thread`, `60,000 images` */
const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** The folder of a run that is still to be made. */
function newRun(
  name = `lenet5-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`,
): string {
  const folder = join('runs', name);
  if (existsSync(folder)) {
    throw new ValueError(`--name: ${folder} exists; add --resume to go on with it, or choose another name`);
  }
  return folder;
}

/** The folder of a run that left a checkpoint: the one of this name, or the latest. */
function findRun(name: string | undefined): string {
  const names = name !== undefined ? [name] : existsSync('runs') ? readdirSync('runs') : [];
  const age = (folder: string) => statSync(join(folder, 'checkpoint.safetensors')).mtimeMs;
  const folders = names
    .map((each) => join('runs', each))
    .filter((folder) => existsSync(join(folder, 'checkpoint.safetensors')))
    .sort((a, b) => age(b) - age(a));
  if (folders.length === 0) {
    throw new ValueError(`--resume: no checkpoint in runs/${name ?? ''}; start a run without --resume`);
  }
  return folders[0];
}

async function loadDigits(folder: string | undefined, seed: number): Promise<{ train: Digits; test: Digits }> {
  if (folder !== undefined) return readMnist(folder);
  console.log('Drawing 60,000 digits to train on and 10,000 to test (--data DIR reads MNIST)');
  return { train: generateDigits(60_000, { seed }), test: generateDigits(10_000, { seed: seed + 1_000_000 }) };
}

interface Answer {
  digit: number;
  probability: number;
}

/** The likeliest digit of each image of a batch. */
function readAnswers(logits: Tensor): Answer[] {
  const rows = softmax(logits, 1).toArray() as number[][];
  return rows.map((row) => {
    const probability = Math.max(...row);
    return { digit: row.indexOf(probability), probability };
  });
}

/** Draws the wrong answers that the model was surest of. */
function showMistakes(digits: Digits, answers: Answer[], colour: boolean): void {
  const truth = digits.labels.data();
  const wrong = [...answers.keys()]
    .filter((i) => answers[i].digit !== truth[i])
    .sort((i, j) => answers[j].probability - answers[i].probability);
  if (wrong.length === 0) return;
  const images = wrong.slice(0, 5).map((i) => {
    const { digit, probability } = answers[i];
    return {
      pixels: digits.images.slice(i).data(),
      caption: `${truth[i]} read as ${digit} (${(100 * probability).toFixed(1)} %)`,
    };
  });
  console.log(`\nThe surest of ${count(wrong.length, 'wrong answer')}:\n`);
  console.log(drawImages(images, 28, 28, { colour, columns: process.stdout.columns ?? 80, trim: true }).trimEnd());
}

function lossCurves(steps: StepRecord[], validation: number[]): Promise<string> {
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

main().catch((error: Error & { code?: string }) => {
  // What the user can mend takes one line: our own errors, wrong options, files that cannot be read or written.
  const expected = error instanceof AdjointError || error.code !== undefined;
  console.error(expected ? `${error.name}: ${error.message.replaceAll('\n', ' ')}` : error);
  process.exitCode = 1;
});
