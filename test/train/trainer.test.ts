import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crossEntropy, nn, noGrad, optim, randint, randn, StateError, seed, type Tensor, ValueError } from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { type StepRecord, Trainer, type TrainerOptions } from 'adjoint/train';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-trainer-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => seed(1));

/** Ten examples of three numbers and a class in batches of 4, 4 and 2. */
const examples = () => new TensorDataset(randn([10, 3]), randint(0, 2, [10]));
const loader = () => new DataLoader(examples(), { batchSize: 4, shuffle: true, seed: 2 });

/** Writes down in which mode it ran. */
class Net extends nn.Module {
  layer = new nn.Linear(3, 2);
  frozen = new nn.Dropout(0.5);
  readonly modes: boolean[] = [];

  forward(x: Tensor): Tensor {
    this.modes.push(this.training);
    return this.layer.forward(x);
  }
}

function job(options: Partial<TrainerOptions<'accuracy'>> = {}, lr = 0.1) {
  const model = new Net();
  const optimizer = new optim.SGD(model.parameters(), { lr });
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy }, ...options });
  const steps: StepRecord[] = [];
  trainer.on('step', (record) => steps.push(record));
  return { model, optimizer, trainer, steps };
}

it('averages loss and metrics over examples, the last batch being smaller', async () => {
  const data = examples();
  const { model, trainer } = job({}, 0);
  const [record] = await trainer.fit(new DataLoader(data, { batchSize: 4 }), { epochs: 1 });
  const [x, y] = data.tensors;
  const output = model.forward(x);
  expect(record.train.loss).toBeCloseTo(crossEntropy(output, y).item(), 6);
  expect(record.train.accuracy).toBeCloseTo(accuracy(output, y), 12);
  expect(record).toMatchObject({ epoch: 1, itemsPerSecond: 10 / record.seconds });
  expect(record).not.toHaveProperty('validation');
  expect(await trainer.evaluate(new DataLoader(data, { batchSize: 4 }))).toEqual(record.train);
});

it('learns, and keeps a record of every epoch', async () => {
  const batches = loader();
  const { trainer, steps } = job();
  const history = await trainer.fit(batches, { epochs: 20, validation: batches });
  expect(history).toBe(trainer.history);
  expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(history[19].validation?.loss).toBeLessThan(history[0].validation?.loss as number);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(trainer.step).toBe(60);
  expect(await trainer.fit(batches, { epochs: 20 })).toHaveLength(20);
  expect(await trainer.fit(batches, { epochs: 21 })).toHaveLength(21);
});

it('evaluates and predicts in evaluation mode without recording, and puts every mode back', async () => {
  const { model, optimizer, trainer } = job();
  await trainer.fit(loader(), { epochs: 1, validation: loader() });
  expect(model.modes).toEqual([true, true, true, false, false, false]);
  expect(model.training).toBe(true);

  model.frozen.eval();
  const data = examples();
  const outputs = await trainer.predict(new DataLoader(data, { batchSize: 4 }));
  expect(outputs.map(({ shape }) => shape)).toEqual([
    [4, 2],
    [4, 2],
    [2, 2],
  ]);
  expect(outputs.every(({ node }) => node === null)).toBe(true);
  expect([...outputs[2].data()]).toEqual([...noGrad(() => model.forward(data.tensors[0].slice([8, 10]))).data()]);
  expect([model.training, model.frozen.training]).toEqual([true, false]);

  const failing = new Trainer(model, {
    optimizer,
    loss: () => {
      throw new Error('a loss that fails');
    },
  });
  await expect(failing.evaluate(loader())).rejects.toThrow('a loss that fails');
  expect([model.training, model.frozen.training]).toEqual([true, false]);
});

it('evaluates beside a running fit without changing its mode', async () => {
  const { model, trainer } = job({ loss: slowly(30), capture: false });
  await Promise.all([trainer.fit(loader(), { epochs: 2 }), trainer.evaluate(loader())]);
  expect(model.modes.filter((mode) => mode)).toHaveLength(6);
  expect(model.modes.filter((mode) => !mode)).toHaveLength(3);
});

it('steps the schedule after every epoch', async () => {
  const model = new Net();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
  const { trainer, steps } = job({ optimizer, schedule });
  await trainer.fit(loader(), { epochs: 2 });
  expect(steps.map(({ epoch, lr }) => [epoch, lr])).toEqual([...Array(3).fill([1, 0.1]), ...Array(3).fill([2, 0.05])]);
  expect(optimizer.groups[0].lr).toBe(0.025);
});

it('clips the norm of all gradients together', async () => {
  const { model, trainer } = job({ clipNorm: 1e-3 }, 1);
  const before = model.parameters().map((parameter) => parameter.clone());
  const data = examples();
  await trainer.fit([data.tensors], { epochs: 1 });
  const moved = model.parameters().map((parameter, i) => parameter.sub(before[i]).square().sum().item());
  expect(Math.sqrt(moved.reduce((sum, square) => sum + square, 0))).toBeCloseTo(1e-3, 6);
});

it('tells its listeners what happens, in order', async () => {
  const { trainer } = job();
  const seen: string[] = [];
  trainer.on('step', ({ epoch, step }) => seen.push(`step ${step} of epoch ${epoch}`));
  trainer.on('progress', ({ epoch, epochs, done, total }) => seen.push(`${done}/${total} of ${epoch}/${epochs}`));
  trainer.on('epoch', ({ epoch }, { done, metrics, validation }) =>
    seen.push(`epoch ${epoch}: ${done}, ${Object.keys(metrics)}; ${Object.keys(validation ?? {})}`),
  );
  trainer.on('end', () => seen.push('end'));
  await trainer.fit(loader(), { epochs: 1, validation: loader() });
  expect(seen).toEqual([
    'step 1 of epoch 1',
    '4/12 of 1/1',
    'step 2 of epoch 1',
    '8/12 of 1/1',
    'step 3 of epoch 1',
    '10/10 of 1/1',
    'epoch 1: 10, loss,accuracy; loss,accuracy',
    'end',
  ]);
});

it('refuses what cannot be trained', async () => {
  const { trainer } = job();
  for (const epochs of [0, -1, 1.5, NaN]) {
    await expect(trainer.fit(loader(), { epochs })).rejects.toThrow(
      new ValueError(`fit: epochs must be a whole number ≥ 1; got ${epochs}`),
    );
  }
  const none = 'there are no batches; is the dataset empty, or smaller than one batch with dropLast?';
  await expect(trainer.fit([], { epochs: 1 })).rejects.toThrow(new ValueError(`fit: ${none}`));
  await expect(trainer.fit(loader(), { epochs: 1, validation: [] })).rejects.toThrow(
    new ValueError(`fit: validation: ${none}`),
  );
  await expect(trainer.evaluate([])).rejects.toThrow(new ValueError(`evaluate: ${none}`));
  expect(trainer.step).toBe(0);
});

it('does one thing at a time', async () => {
  const { trainer } = job();
  const running = trainer.fit(loader(), { epochs: 1 });
  await expect(trainer.fit(loader(), { epochs: 1 })).rejects.toThrow(
    new StateError('fit: this trainer is running already; await its promise first'),
  );
  await expect(trainer.resume(join(folder, 'none'), loader())).rejects.toThrow(
    new StateError('resume: this trainer is running already; await its promise first'),
  );
  expect(await running).toHaveLength(1);
  expect(await trainer.fit(loader(), { epochs: 2 })).toHaveLength(2);
});

it('stops at a loss that is not finite; the checkpoint of the epoch before stays', async () => {
  const checkpoint = join(folder, 'finite.safetensors');
  const loss = (output: Tensor, target: Tensor) => crossEntropy(output, target).mul(trainer.step < 4 ? 1 : NaN);
  const { trainer } = job({ loss, capture: false });
  let ended = false;
  trainer.on('end', () => {
    ended = true;
  });
  await expect(trainer.fit(loader(), { epochs: 3, checkpoint })).rejects.toThrow(
    new ValueError(
      'fit: the loss is NaN at step 5; lower the learning rate (0.1), clip gradients, or find the first op that made it with detectAnomaly',
    ),
  );
  expect(ended).toBe(true);

  const other = job();
  await other.trainer.resume(checkpoint, loader());
  expect(other.trainer.step).toBe(3);
  expect(other.trainer.history).toEqual(trainer.history);
});

describe.each([
  ['a loader', loader],
  ['an array', () => [...loader()]],
])('a stop button on batches from %s', (_, make) => {
  it('stops after the current step, and fit goes on from there', async () => {
    const wholeBatches = make();
    const whole = job();
    await whole.trainer.fit(wholeBatches, { epochs: 3 });

    seed(1);
    const batches = make();
    const { trainer, steps } = job();
    for (const stop of [2, 6, 7]) {
      const controller = new AbortController();
      const listener = ({ step }: StepRecord) => step === stop && controller.abort();
      trainer.on('step', listener);
      const history = await trainer.fit(batches, { epochs: 3, signal: controller.signal });
      trainer.off('step', listener);
      expect(trainer.step).toBe(stop);
      expect(history).toHaveLength(Math.floor(stop / 3));
    }
    await trainer.fit(batches, { epochs: 3 });
    expect(steps).toEqual(whole.steps);
    expect(trainer.history.map(({ train }) => train)).toEqual(whole.trainer.history.map(({ train }) => train));
  });

  it('does nothing once it is pressed', async () => {
    const { trainer } = job();
    expect(await trainer.fit(make(), { epochs: 1, signal: AbortSignal.abort() })).toEqual([]);
    expect(trainer.step).toBe(0);
  });
});

it('stops by stop(), whoever calls it', async () => {
  const { trainer, steps } = job();
  trainer.stop();
  trainer.on('step', ({ step }) => step === 4 && trainer.stop());
  expect(await trainer.fit(loader(), { epochs: 3 })).toHaveLength(1);
  expect(steps).toHaveLength(4);
});

describe('a pause', () => {
  /** Pauses after a step, and does something a little later. */
  function pausing(at: number, then: (trainer: Trainer<'accuracy'>) => void) {
    const { trainer, steps } = job();
    const seen: string[] = [];
    trainer.on('step', ({ step }) => step === at && trainer.pause());
    for (const event of ['pause', 'resume', 'end'] as const)
      trainer.on(event, () => seen.push(`${event} at ${steps.length}`));
    trainer.on('pause', () => setTimeout(() => then(trainer), 40));
    return { trainer, steps, seen };
  }

  it.each([2, 3, 6])('after step %i changes nothing but the time, which is not counted', async (at) => {
    const undisturbed = job();
    await undisturbed.trainer.fit(loader(), { epochs: 2, validation: loader() });
    seed(1);
    const { trainer, steps, seen } = pausing(at, (trainer) => trainer.resume());
    const start = performance.now();
    await trainer.fit(loader(), { epochs: 2, validation: loader() });
    const taken = (performance.now() - start) / 1000;
    expect(steps).toEqual(undisturbed.steps);
    expect(seen).toEqual([`pause at ${at}`, `resume at ${at}`, 'end at 6']);
    const counted = trainer.history.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(counted).toBeLessThan(taken - 0.039);
    const scores = (trainer: Trainer<'accuracy'>) =>
      trainer.history.map(({ train, validation }) => ({ train, validation }));
    expect(scores(trainer)).toEqual(scores(undisturbed.trainer));
  });

  it('can be ended by stop(), and holds a fit that is to come', async () => {
    const batches = loader();
    const { trainer, steps, seen } = pausing(2, (trainer) => trainer.stop());
    await trainer.fit(batches, { epochs: 1 });
    expect(seen).toEqual(['pause at 2', 'end at 2']);

    trainer.pause();
    trainer.removeAllListeners('pause');
    trainer.on('pause', () => setTimeout(() => trainer.resume(), 20));
    await trainer.fit(batches, { epochs: 1 });
    expect(seen.slice(2)).toEqual(['resume at 2', 'end at 3']);
    expect(steps).toHaveLength(3);
  });

  it('goes on for nobody who resumes and pauses at once', async () => {
    let resumed = 0;
    const { trainer, seen } = pausing(2, (trainer) => {
      trainer.resume();
      trainer.pause();
      setTimeout(() => {
        resumed = trainer.step;
        trainer.resume();
      }, 20);
    });
    await trainer.fit(loader(), { epochs: 1 });
    expect(resumed).toBe(2);
    expect(seen).toEqual(['pause at 2', 'resume at 2', 'end at 3']);
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const { trainer, seen } = pausing(1, () => controller.abort());
    await trainer.fit(loader(), { epochs: 1, signal: controller.signal });
    expect(seen).toEqual(['pause at 1', 'end at 1']);
  });
});

it('lets timers run while it trains', async () => {
  const { trainer } = job({ loss: slowly(10), capture: false });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await trainer.fit(loader(), { epochs: 10 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

/** A loss that takes so many milliseconds. */
function slowly(duration: number): (output: Tensor, target: Tensor) => Tensor {
  return (output, target) => {
    const end = performance.now() + duration;
    while (performance.now() < end);
    return crossEntropy(output, target);
  };
}
