import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AdjointError,
  crossEntropy,
  defaultGenerator,
  FormatError,
  nn,
  optim,
  randint,
  randn,
  StateError,
  seed,
  ValueError,
} from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { readSafetensors, saveTensors } from 'adjoint/io';
import { accuracy } from 'adjoint/metrics';
import { earlyStopping, type StepRecord, Trainer } from 'adjoint/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomSequence } from '../harness.js';
import { runProgram } from '../programs.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-checkpoint-'));
  path = join(folder, 'run.safetensors');
});
afterEach(() => rmSync(folder, { recursive: true }));

seed(7);
const data = new TensorDataset(randn([50, 6]), randint(0, 3, [50]));
const epochs = 4;

interface Differences {
  hidden?: number;
  optimizer?: 'AdamW' | 'SGD';
  schedule?: boolean;
  batchSize?: number;
}

/** All that random numbers and state flow through: weights, dropout, moments, learning rates, order. */
function job({ hidden = 8, optimizer: rule = 'AdamW', schedule = true, batchSize = 8 }: Differences = {}) {
  const model = new nn.Sequential(
    new nn.Linear(6, hidden),
    new nn.BatchNorm1d(hidden),
    new nn.Dropout(0.3),
    new nn.Linear(hidden, 3),
  );
  const optimizer = new optim[rule](model.parameters(), { lr: 0.05 });
  const options = schedule ? { schedule: new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 }) } : {};
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, clipNorm: 1, ...options });
  const batches = new DataLoader(data, { batchSize, shuffle: true });
  const steps: StepRecord[] = [];
  trainer.on('step', (record) => steps.push(record));
  /** Everything a resume may touch. */
  const state = () => {
    const { tensors, ...rest } = optimizer.stateDict();
    const arrays = [...model.stateDict(), ...Object.entries(tensors)].map(([name, x]) => [name, [...x.data()]]);
    return { arrays, rest, schedule: options.schedule?.stateDict(), batches: batches.stateDict(), step: trainer.step };
  };
  return { model, optimizer, trainer, batches, steps, state };
}

/** A job that begins at a seed of its own, as a new process would. */
function jobAt(seedNumber: number, differences?: Differences) {
  seed(seedNumber);
  return job(differences);
}

/** Trains until a step has been done, saving every epoch; a stop within an epoch saves too. */
async function trainUntil(stop: number) {
  const stopped = jobAt(1);
  const controller = new AbortController();
  stopped.trainer.on('step', ({ step }) => step === stop && controller.abort());
  await stopped.trainer.fit(stopped.batches, { epochs, checkpoint: path, signal: controller.signal });
  return stopped;
}

describe('a resumed run', () => {
  it.each([7, 14, 1, 10, 20])(
    'stopped after step %i of 28 has the losses and weights of one that never stopped',
    async (stop) => {
      const whole = jobAt(1);
      await whole.trainer.fit(whole.batches, { epochs });
      expect(whole.steps).toHaveLength(28);

      const stopped = await trainUntil(stop);
      const resumed = jobAt(99);
      await resumed.trainer.resume(path, resumed.batches);
      expect(resumed.state()).toEqual(stopped.state());
      await resumed.trainer.fit(resumed.batches, { epochs });

      expect([...stopped.steps, ...resumed.steps]).toEqual(whole.steps);
      expect(resumed.state()).toEqual(whole.state());
      const scores = ({ trainer }: typeof whole) => trainer.history.map(({ epoch, train }) => ({ epoch, train }));
      expect(scores(resumed)).toEqual(scores(whole));
    },
  );

  it('goes back to a checkpoint in the same process', async () => {
    const { trainer, batches, steps } = jobAt(1);
    await trainer.fit(batches, { epochs: 1, checkpoint: path });
    await trainer.fit(batches, { epochs: 2 });
    await trainer.resume(path, batches);
    expect(trainer.history).toHaveLength(1);
    await trainer.fit(batches, { epochs: 2 });
    expect(steps.slice(14)).toEqual(steps.slice(7, 14));
  });

  it('keeps metrics that are not finite', async () => {
    const metrics = { slope: () => NaN, bound: () => -Infinity };
    const { model, optimizer, batches } = jobAt(1, { schedule: false });
    const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics });
    await trainer.fit(batches, { epochs: 1, checkpoint: path });
    const resumed = new Trainer(model, { optimizer, loss: crossEntropy, metrics });
    await resumed.resume(path, batches);
    expect(resumed.history[0].train).toMatchObject({ slope: NaN, bound: -Infinity });
  });
});

describe('a checkpoint of version 1', () => {
  // Written, at step 10 of 28, by the code that wrote version 1; the JSON has the losses and scores of its whole run.
  const old = fileURLToPath(new URL('data/version_1.safetensors', import.meta.url));
  const whole = JSON.parse(readFileSync(new URL('data/version_1.json', import.meta.url), 'utf8'));

  it('is read, and its run goes on as it did', async () => {
    const { model, optimizer, batches } = jobAt(99);
    const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
    const options = { optimizer, loss: crossEntropy, clipNorm: 1, schedule, metrics: { accuracy } };
    const trainer = new Trainer(model, options);
    const losses: number[] = [];
    trainer.on('step', ({ loss }) => losses.push(loss));
    await trainer.resume(old, batches);
    expect([trainer.step, trainer.history.length]).toEqual([10, 1]);
    const validation = new DataLoader(data, { batchSize: 25 });
    const callbacks = [earlyStopping({ patience: 5, restoreBest: true })];
    const history = await trainer.fit(batches, { epochs, validation, callbacks });
    losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(whole.losses[10 + i], 5);
    });
    history.forEach(({ train, validation }, i) => {
      expect(train.accuracy).toBeCloseTo(whole.scores[i].train.accuracy, 12);
      // The bias before the batch norm has only rounding errors for a gradient, of which Adam makes whole steps: training does
      // not see them.
      expect(validation?.loss).toBeCloseTo(whole.scores[i].validation.loss, 2);
    });
  });

  it('is converted: written again it is of version 2, with the same state', async () => {
    const { model, optimizer, batches } = jobAt(99);
    const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
    const make = () => new Trainer(model, { optimizer, loss: crossEntropy, schedule, metrics: { accuracy } });
    const [first, second] = [make(), make()];
    await first.resume(old, batches);
    const position = batches.stateDict();
    await first.save(path, batches);
    await second.resume(path, batches);
    expect([second.history, second.step, batches.stateDict()]).toEqual([first.history, first.step, position]);
    const { tensors, metadata } = await readSafetensors(path);
    expect(metadata.version).toBe('2');
    expect(tensors.get('callbacks.early_stopping.best.weights.0.weight')?.shape).toEqual([8, 6]);
  });
});

describe('a checkpoint that does not fit changes nothing and says why:', () => {
  const cases: {
    name: string;
    differences?: Differences;
    damage?: () => void | Promise<void>;
    error: () => AdjointError;
  }[] = [
    {
      name: 'another model',
      differences: { hidden: 9 },
      error: () =>
        new ValueError(
          'loadStateDict: names and shapes must be those of Sequential; of another shape: 0.weight [8, 6] for [9, 6], ' +
            '0.bias [8] for [9], 1.weight [8] for [9], 1.bias [8] for [9], 1.running_mean [8] for [9], ' +
            '1.running_var [8] for [9], 3.weight [3, 8] for [3, 9]; build the module with the sizes of the file',
        ),
    },
    {
      name: 'another optimiser',
      differences: { optimizer: 'SGD' },
      error: () =>
        new FormatError(
          'SGD.loadStateDict: group 0 of the state lacks the option momentum; was it saved by another optimiser?',
        ),
    },
    {
      name: 'a schedule that is missing',
      differences: { schedule: false },
      error: () =>
        new StateError(
          `resume: ${path} was written of model, optimizer, schedule, random, callbacks, trainer, batches; this trainer has model, optimizer, random, callbacks, trainer, batches; build it with the same parts`,
        ),
    },
    {
      name: 'a larger batch, with the run stopped beyond its epoch',
      differences: { batchSize: 25 },
      error: () =>
        new FormatError(
          'DataLoader.loadStateDict: the state is at batch 3, an epoch has 2; use the same dataset and batchSize',
        ),
    },
    {
      name: 'no file',
      damage: () => rmSync(path),
      error: () => new FormatError(`readSafetensors: no file ${path}; check the path`),
    },
    {
      name: 'a truncated file',
      damage: () => writeFileSync(path, readFileSync(path).subarray(0, -100)),
      error: () =>
        new FormatError(
          `safetensors: ${path}: the tensors take 1256 bytes; the file has 1156 after its header: it is truncated`,
        ),
    },
    {
      name: 'random bytes',
      damage: () => {
        const random = randomSequence(1);
        writeFileSync(
          path,
          Uint8Array.from({ length: 1000 }, () => 256 * random()),
        );
      },
      error: () =>
        new FormatError(
          `safetensors: ${path}: the header must not exceed 100000000 bytes; its first 8 bytes say 13302586529748025504`,
        ),
    },
    {
      name: 'another safetensors file',
      damage: () => saveTensors(path, jobAt(1).model.stateDict()),
      error: () =>
        new FormatError(
          `resume: ${path} must be an adjoint-checkpoint of version 2 or 1; it is of format unknown, version unknown`,
        ),
    },
    {
      name: 'a later version',
      damage: () => saveTensors(path, [], { format: 'adjoint-checkpoint', version: '3' }),
      error: () =>
        new FormatError(
          `resume: ${path} must be an adjoint-checkpoint of version 2 or 1; it is of format adjoint-checkpoint, version 3`,
        ),
    },
    {
      name: 'a section that is missing',
      damage: () => saveTensors(path, [], { format: 'adjoint-checkpoint', version: '2' }),
      error: () => new FormatError(`resume: ${path} has no readable section 'parts'; use an earlier checkpoint`),
    },
  ];

  it.each(cases)('$name', async ({ differences, damage, error }) => {
    await trainUntil(10);
    await damage?.();
    const other = jobAt(5, differences);
    await other.trainer.fit(other.batches, { epochs: 1 });
    const before = [other.state(), defaultGenerator().stateDict(), [...other.trainer.history]];
    await expect(other.trainer.resume(path, other.batches)).rejects.toThrow(error());
    expect([other.state(), defaultGenerator().stateDict(), other.trainer.history]).toEqual(before);
  });

  it('a changed byte of the header', async () => {
    await trainUntil(10);
    const whole = readFileSync(path);
    const header = 8 + Number(whole.readBigUInt64LE(0));
    const random = randomSequence(3);
    let refused = 0;
    for (let i = 0; i < 150; i++) {
      const bytes = Buffer.from(whole);
      bytes[Math.floor(random() * header)] = 256 * random();
      writeFileSync(path, bytes);
      const other = jobAt(5);
      const before = [other.state(), defaultGenerator().stateDict()];
      try {
        await other.trainer.resume(path, other.batches);
      } catch (error) {
        expect(error).toBeInstanceOf(AdjointError);
        expect([other.state(), defaultGenerator().stateDict()]).toEqual(before);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(75);
  });
});

describe('a checkpoint that cannot be written', () => {
  it('says so when its folder is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { trainer, batches } = jobAt(1);
    await expect(trainer.fit(batches, { epochs: 2, checkpoint: join(file, 'run') })).rejects.toThrow(
      new AdjointError(
        `writeFileAtomic: cannot write ${join(file, 'run')}: ENOTDIR: not a directory; what was there before is unchanged`,
      ),
    );
    expect(trainer.history).toHaveLength(1);
    await trainer.fit(batches, { epochs: 2, checkpoint: path });
    expect(trainer.history).toHaveLength(2);
  });

  it('leaves the one before, and no other file, when the disk is full', async () => {
    await trainUntil(10);
    const before = readFileSync(path);
    const output = runProgram('test/programs/full_disk.ts', { args: [path], before: 'ulimit -f 100' });
    expect(output).toBe(
      `AdjointError: writeFileAtomic: cannot write ${path}: EFBIG: file too large; what was there before is unchanged\n`,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['run.safetensors']);
  });
});
