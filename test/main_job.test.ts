import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Digits, generateDigits } from 'adjoint/data';
import { encodeIdx, loadTensors } from 'adjoint/io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ending, startProgram } from './programs.js';

/* `npm start`, as its user runs it: in a process of its own, in a folder of its own. */

let folder: string;
let data: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-main-'));
  data = writeDigits('data', 640, 200);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** MNIST's four files with generated digits, gzip and plain. */
function writeDigits(name: string, train: number, test: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  const write = (part: string, { images, labels }: Digits) => {
    const pixels = gzipSync(encodeIdx('uint8', images.shape, images.data()));
    writeFileSync(join(path, `${part}-images-idx3-ubyte.gz`), pixels);
    const classes = encodeIdx('uint8', labels.shape, Uint8Array.from(labels.data()));
    writeFileSync(join(path, `${part}-labels-idx1-ubyte`), classes);
  };
  write('train', generateDigits(train, { seed: 1 }));
  write('t10k', generateDigits(test, { seed: 2 }));
  return path;
}

const start = (...args: string[]) => startProgram('examples/lenet.ts', { args, cwd: folder });

/** Runs the job to its end, which must be a good one. */
async function train(name: string, ...args: string[]): Promise<Ending> {
  const ending = await start('--data', data, '--name', name, ...args).ended;
  expect(ending).toMatchObject({ code: 0 });
  return ending;
}

const inRun = (name: string, file: string): string => join(folder, 'runs', name, file);
const summaryOf = (name: string) => JSON.parse(readFileSync(inRun(name, 'summary.json'), 'utf8'));
const records = (name: string): { epoch: number; step: number; loss: number; lr?: number }[] =>
  readFileSync(inRun(name, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
/** Loss by loss, without the epochs' times. */
const losses = (name: string) => records(name).map(({ epoch, step, loss }) => ({ epoch, step, loss }));
const model = (name: string): Buffer => readFileSync(inRun(name, 'model.safetensors'));

it('shows and keeps what a training run has to tell', async () => {
  const { stdout, stderr } = await train('whole', '--epochs', '3');
  expect(stdout).toMatch(/^native backend, \w+, \d+ threads?\n/);
  expect(stdout).toContain('7 (Linear)     [1, 120]          96,120      48,120\n');
  expect(stdout).toContain(
    'parameters: 61,706, trainable: 61,706\nconnections: 416,520, flops: 852,370\nmemory: 241 KB',
  );
  expect(stdout).toMatch(/\nTest accuracy \d+\.\d\d %\n\ntrue \\ predicted +0 +1 +2 +3 +4 +5 +6 +7 +8 +9\n/);
  expect(stdout).toMatch(/\nThe surest of \d+ wrong answers:\n\n\d read as \d \(\d+\.\d %\)/);
  expect(stdout).toMatch(/\nTrained on 1,920 images in \d+\.\d s, [\d,]+ images\/s\.\n/);
  expect(stdout).not.toMatch(/\n\n$/);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stderr.trimEnd().split('\n')).toEqual(
    [1, 2, 3].map((epoch) =>
      expect.stringMatching(
        `^epoch ${epoch}/3: loss \\d\\.\\d{4}, accuracy \\d+\\.\\d\\d %; validation \\d\\.\\d{4}, \\d+\\.\\d\\d %; [\\d,]+ images/s, 0:\\d\\d$`,
      ),
    ),
  );

  expect(readdirSync(join(folder, 'runs', 'whole')).sort()).toEqual([
    'checkpoint.safetensors',
    'loss.svg',
    'metrics.jsonl',
    'model.safetensors',
    'options.json',
    'summary.json',
  ]);
  const all = records('whole');
  expect(all.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  expect(all.filter(({ lr }) => lr !== undefined).map(({ step }) => step)).toEqual(
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  expect(all.filter(({ lr }) => lr === undefined)).toHaveLength(3);
  const { testAccuracy, ...summary } = summaryOf('whole');
  expect(stdout).toContain(`Test accuracy ${(100 * testAccuracy).toFixed(2)} %`);
  expect(summary).toMatchObject({
    trainSeconds: expect.any(Number),
    imagesPerSecond: 1920 / summary.trainSeconds,
    backend: 'native',
    isa: expect.stringMatching(/^\w+$/),
    threads: expect.any(Number),
    seed: 1,
  });
  const weights = await loadTensors(inRun('whole', 'model.safetensors'));
  expect(weights.get('11.weight')?.shape).toEqual([10, 84]);
  expectWellFormed(readFileSync(inRun('whole', 'loss.svg'), 'utf8'));
});

it('gives the same losses and weights for the same seed, on one thread or two', async () => {
  await train('seed', '--epochs', '1', '--seed', '5');
  await train('one-thread', '--epochs', '1', '--seed', '5', '--threads', '1');
  await train('two-threads', '--epochs', '1', '--seed', '5', '--threads', '2');
  await train('other-seed', '--epochs', '1', '--seed', '6');
  expect([summaryOf('one-thread').threads, summaryOf('two-threads').threads]).toEqual([1, 2]);
  for (const name of ['one-thread', 'two-threads']) {
    expect(losses(name)).toEqual(losses('seed'));
    expect(model(name).equals(model('seed'))).toBe(true);
  }
  expect(losses('other-seed')).not.toEqual(losses('seed'));
});

it('goes on with a finished run for more epochs, with the options of that run', async () => {
  await train('straight', '--epochs', '2', '--seed', '3', '--batch-size', '32');
  await train('parts', '--epochs', '1', '--seed', '3', '--batch-size', '32');
  const ending = await start('--resume', '--name', 'parts', '--epochs', '2').ended;
  expect(ending).toMatchObject({ code: 0, stderr: expect.stringMatching(/^epoch 2\/2: .*\n$/) });
  expect(losses('parts')).toEqual(losses('straight'));
  expect(model('parts').equals(model('straight'))).toBe(true);
  expect(summaryOf('parts')).toMatchObject({ seed: 3, batchSize: 32, epochs: 2 });

  const other = await start('--resume', '--name', 'parts', '--seed', '4').ended;
  expect(other).toMatchObject({
    code: 1,
    stderr: `ValueError: --seed: ${join('runs', 'parts')} was begun with 3; got 4; leave it out\n`,
  });
});

it('takes its products in bfloat16 if asked to, also when it goes on', async () => {
  await train('float32', '--epochs', '2');
  await train('bfloat16', '--epochs', '2', '--precision', 'bfloat16');
  await train('bfloat16-parts', '--epochs', '1', '--precision', 'bfloat16');
  expect([summaryOf('float32').precision, summaryOf('bfloat16').precision]).toEqual(['float32', 'bfloat16']);
  await start('--resume', '--name', 'bfloat16-parts', '--epochs', '2').ended;
  expect(losses('bfloat16-parts')).toEqual(losses('bfloat16'));
  expect(losses('bfloat16')).not.toEqual(losses('float32'));
  expect(losses('bfloat16').at(-1)?.loss).toBeCloseTo(losses('float32').at(-1)?.loss as number, 1);
  const weights = await loadTensors(inRun('bfloat16', 'model.safetensors'));
  expect([...weights.values()].map(({ dtype }) => dtype)).toEqual(new Array(10).fill('float32'));

  const other = await start('--resume', '--name', 'bfloat16-parts', '--precision', 'float32').ended;
  expect(other.stderr).toBe(
    `ValueError: --precision: ${join('runs', 'bfloat16-parts')} was begun with bfloat16; got float32; leave it out\n`,
  );
});

describe('a run of 20 epochs that is ended in the middle', () => {
  beforeAll(() => train('uninterrupted', '--epochs', '20').then(() => undefined), 60_000);

  it.each(['SIGINT', 'SIGKILL'] as const)('by %s has the same losses once it is resumed', async (signal) => {
    const { kill, ended } = start('--data', data, '--name', signal, '--epochs', '20');
    const metrics = inRun(signal, 'metrics.jsonl');
    const written = () => (existsSync(metrics) ? readFileSync(metrics, 'utf8').split('\n').length - 1 : 0);
    while (written() < 25) await setTimeout(5);
    kill(signal);
    const { code, stdout, stderr } = await ended;
    const crashed = signal === 'SIGKILL';
    expect(code).toBe(crashed ? null : 130);
    expect(stdout.includes(`To go on:\n  npm start -- --resume --name ${signal}\n`)).toBe(!crashed);
    expect(stderr).not.toContain('epoch 20/20');

    const resumed = await start('--resume').ended;
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('epoch 20/20') });
    expect(losses(signal)).toEqual(losses('uninterrupted'));
    expect(model(signal).equals(model('uninterrupted'))).toBe(true);
  });
});

it('runs without the native engine', async () => {
  const small = writeDigits('small', 128, 20);
  const ending = await start('--data', small, '--name', 'reference', '--epochs', '1', '--backend', 'reference').ended;
  expect(ending).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('reference backend, javascript, 1 thread (the reference backend was asked for)\n'),
  });
  expect(summaryOf('reference')).toMatchObject({ backend: 'reference', isa: 'javascript', threads: 1 });
  expect(records('reference')).toHaveLength(3);
});

it('reads generated digits without --data, above 95 % after one epoch', { timeout: 120_000 }, async () => {
  const { code, stdout } = await start('--name', 'generated', '--epochs', '1').ended;
  expect(code).toBe(0);
  expect(stdout).toContain('Drawing 60,000 digits to train on and 10,000 to test (--data DIR reads MNIST)\n');
  expect(summaryOf('generated').testAccuracy).toBeGreaterThan(0.95);
});

it('shows where the time of its steps goes, and keeps the time line', async () => {
  const profile = async (name: string, ...args: string[]) => {
    const { code, stdout, stderr } = await start('--data', data, '--name', name, ...args).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'runs', name))).toEqual(['trace.json']);
    return stdout;
  };
  const stdout = await profile('profiled', '--profile', '15');
  expect(stdout).toMatch(
    /\n15 steps:\n\nop +kernel +calls +ms +share +mean µs +GFLOP\/s +of peak +GB\/s +MB read +written\n/,
  );
  expect(stdout).toMatch(/\nconv2d backward +conv2dWeight +30 +\d+\.\d\d +\d+\.\d % /);
  expect(stdout).toMatch(/\nstep +15 +\d+\.\d\d +\d+\.\d{3}\n/);
  const [, share] = /\ntotal +\d+ +\d+\.\d\d +(\d+\.\d) %\n/.exec(stdout) ?? [];
  expect(Math.abs(Number(share) - 100)).toBeLessThan(5);
  const { traceEvents } = JSON.parse(readFileSync(inRun('profiled', 'trace.json'), 'utf8'));
  expect(
    traceEvents.filter(({ name, ph }: { name: string; ph: string }) => name === 'step' && ph === 'X'),
  ).toHaveLength(15);
  expect(await profile('default', '--profile', '--lr', '0.001')).toContain('\n100 steps:\n');
});

it('explains itself', async () => {
  const { code, stdout, stderr } = await start('--help').ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const option of [
    'data',
    'epochs',
    'batch-size',
    'lr',
    'precision',
    'seed',
    'threads',
    'backend',
    'name',
    'resume',
    'profile',
    'help',
  ]) {
    expect(stdout).toContain(`  --${option}`);
  }
});

describe('a wrong call takes one line, and leaves no run behind:', () => {
  const truncated = () => {
    const path = writeDigits('truncated', 64, 10);
    const labels = join(path, 'train-labels-idx1-ubyte');
    writeFileSync(labels, readFileSync(labels).subarray(0, 50));
    return path;
  };
  const cases: { name: string; args: () => string[]; says: () => string }[] = [
    {
      name: 'an unknown option',
      args: () => ['--epoch', '3'],
      says: () => "TypeError: Unknown option '--epoch'",
    },
    {
      name: 'an option without its value',
      args: () => ['--epochs', '--lr'],
      says: () =>
        "TypeError: Option '--epochs' argument is ambiguous. Did you forget to specify the option argument for '--epochs'? " +
        "To specify an option argument starting with a dash use '--epochs=-XYZ'.",
    },
    {
      name: 'no number',
      args: () => ['--epochs', 'many'],
      says: () => "ValueError: --epochs: must be a whole number ≥ 1; got 'many'",
    },
    {
      name: 'a number out of range',
      args: () => ['--data', data, '--lr=-1'],
      says: () => 'ValueError: Adam: lr must be a finite number ≥ 0; got -1',
    },
    {
      name: 'a batch larger than the data',
      args: () => ['--data', data, '--batch-size', '1000'],
      says: () =>
        'ValueError: DataLoader: dropLast leaves no batch of 1000 from 640 examples; use a batchSize of at most 640',
    },
    {
      name: 'another precision',
      args: () => ['--data', data, '--precision', 'half'],
      says: () => "ValueError: Trainer: precision must be 'bfloat16' or 'float32'; got 'half'",
    },
    {
      name: 'another backend',
      args: () => ['--data', data, '--backend', 'gpu'],
      says: () => "ValueError: backend: must be 'native' or 'reference'; got 'gpu'",
    },
    {
      name: 'a folder that is missing',
      args: () => ['--data', join(folder, 'none')],
      says: () =>
        `FormatError: readMnist: ${join(folder, 'none')} has neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz`,
    },
    {
      name: 'a truncated file',
      args: () => ['--data', truncated()],
      says: () =>
        `FormatError: idx: ${join(folder, 'truncated', 'train-labels-idx1-ubyte')}: uint8 [64] takes 72 bytes with its header; got 50: the data is truncated`,
    },
    {
      name: 'a name that is taken',
      args: () => {
        mkdirSync(join(folder, 'runs', 'taken'), { recursive: true });
        return ['--data', data, '--name', 'taken'];
      },
      says: () =>
        `ValueError: --name: ${join('runs', 'taken')} exists; add --resume to go on with it, or choose another name`,
    },
    {
      name: 'nothing to resume',
      args: () => ['--resume', '--name', 'never'],
      says: () => 'ValueError: --resume: no checkpoint in runs/never; start a run without --resume',
    },
  ];

  it.each(cases)('$name', async ({ args, says }) => {
    const given = args();
    const runs = () => (existsSync(join(folder, 'runs')) ? readdirSync(join(folder, 'runs')) : []);
    const before = runs();
    const { code, stderr } = await start(...given).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${says()}\n` });
    expect(runs()).toEqual(before);
  });
});

/** One root, every element closed, every attribute quoted, no bare ampersand. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(/<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, __, empty) => {
    if (end === '/') expect(open.pop()).toBe(name);
    else if (empty !== '/') open.push(name);
    return '';
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!\w+;|#\d+;)/);
  expect(xml.trimStart()).toMatch(/^<svg /);
}
