import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StateError, ValueError } from 'adjoint';
import { type EpochRecord, type Job, logMetrics, type StepRecord, startJob } from 'adjoint/train';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type count from './counting.job.js';
import toy, { answer, makeModel, type Settings } from './toy.job.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-job-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Each starts a thread that loads and compiles the library.
vi.setConfig({ testTimeout: 120_000 });

/** Steps of an epoch. */
const perEpoch = 7;

const moduleURL = new URL('./toy.job.ts', import.meta.url);

function start(settings: Settings, signal?: AbortSignal) {
  const job = startJob<typeof toy>(moduleURL, { data: settings, ...(signal && { signal }) });
  const steps: StepRecord[] = [];
  job.on('step', (record) => steps.push(record));
  return { job, steps };
}

/** The same training in this thread. */
async function train(settings: Settings) {
  const { trainer, batches, fit } = await toy(settings);
  const steps: StepRecord[] = [];
  trainer.on('step', (record) => steps.push(record));
  const history = await trainer.fit(batches, fit);
  return { trainer, steps, history, answer: answer(trainer.model) };
}

/** Without the time that it took. */
const scores = (history: EpochRecord<'accuracy'>[]) =>
  history.map(({ epoch, train, validation }) => ({ epoch, train, validation }));

function answerOf(job: Job<any>): { step: number; answer: number[] } {
  const { step, state } = job.weights();
  const model = makeModel();
  model.loadStateDict(state);
  return { step, answer: answer(model) };
}

const arrival = <T>(job: Job<any>, event: string): Promise<T> =>
  new Promise((resolve) => (job as any).once(event, resolve));

it('trains as this thread would, bit for bit; several jobs at once', async () => {
  const seeds = [1, 2, 3];
  const jobs = seeds.map((seed) => start({ epochs: 5, seed }));
  const histories = await Promise.all(jobs.map(({ job }) => job.finished));
  for (const [i, seed] of seeds.entries()) {
    const here = await train({ epochs: 5, seed });
    expect(jobs[i].steps).toEqual(here.steps);
    expect(scores(histories[i])).toEqual(scores(here.history));
    expect(answerOf(jobs[i].job)).toEqual({ step: 5 * perEpoch, answer: here.answer });
  }
  expect(jobs[0].steps).not.toEqual(jobs[1].steps);
});

it('serves the weights of finished steps while it trains', async () => {
  const { job } = start({ epochs: 300, logs: true });
  const logged = new Map<number, number[]>();
  job.on('log', (record) => {
    const { step, answer } = record as { step: number; answer: number[] };
    logged.set(step, answer);
  });
  await job.ready;
  const served: { step: number; answer: number[] }[] = [];
  const ended = job.finished.then(() => true);
  do served.push(answerOf(job));
  while (!(await Promise.race([ended, setTimeout(1, false)])));
  expect(served.length).toBeGreaterThan(20);
  expect(new Set(served.map(({ step }) => step)).size).toBeGreaterThan(10);
  for (const [i, { step, answer }] of served.entries()) {
    if (step > 0) expect(answer, `step ${step}`).toEqual(logged.get(step));
    if (i > 0) expect(step).toBeGreaterThanOrEqual(served[i - 1].step);
  }
  expect(logged.size).toBe(300 * perEpoch);
  expect(answerOf(job).step).toBe(300 * perEpoch);
});

it('never serves a mixture of two steps', async () => {
  const job = startJob<typeof count>(new URL('./counting.job.ts', import.meta.url));
  await job.ready;
  const steps = new Set<number>();
  for (let read = 0; read < 500 || steps.size < 50; read++) {
    const { step, state } = job.weights();
    steps.add(step);
    const weights = state.get('weight')?.data() as Float32Array;
    expect(weights.findIndex((weight) => weight !== step)).toBe(-1);
    if (read % 10 === 0) await setTimeout(1);
  }
  job.stop();
  await job.finished;
});

it("has a trainer's events, in their order", async () => {
  const { job, steps } = start({ epochs: 2 });
  const seen: string[] = [];
  job.on('progress', ({ epoch, epochs, done, total }) => seen.push(`${done}/${total} of ${epoch}/${epochs}`));
  job.on('epoch', ({ epoch }, { done, validation }) =>
    seen.push(`epoch ${epoch}: ${done}, ${steps.length} steps; ${Object.keys(validation ?? {})}`),
  );
  job.on('end', () => seen.push('end'));
  await job.finished;
  const epoch = (i: number) => [`50/50 of ${i}/2`, `epoch ${i}: 50, ${i * perEpoch} steps; loss,accuracy`];
  expect(seen.filter((line) => !/^\d+\/5\d of/.test(line) || line.startsWith('50/50'))).toEqual([
    ...epoch(1),
    ...epoch(2),
    'end',
  ]);
});

it('is followed by the reporters that follow a trainer', async () => {
  const path = join(folder, 'metrics.jsonl');
  const { job, steps } = start({ epochs: 2 });
  const records = logMetrics(job, path);
  await job.finished;
  expect(records()).toEqual(steps);
  expect(records()).toHaveLength(2 * perEpoch);
});

it('pauses and goes on, without a trace in the results', async () => {
  const { job, steps } = start({ epochs: 20, slow: 1 });
  await job.ready;
  for (let i = 0; i < 3; i++) {
    const paused = arrival(job, 'pause');
    job.pause();
    await paused;
    const { step } = job;
    expect(steps.at(-1)?.step ?? 0).toBe(step);
    await setTimeout(60);
    expect(job.step).toBe(step);
    const resumed = arrival(job, 'resume');
    job.resume();
    await resumed;
  }
  const history = await job.finished;
  const here = await train({ epochs: 20 });
  expect(steps).toEqual(here.steps);
  expect(scores(history)).toEqual(scores(here.history));
});

describe('a job that is stopped', () => {
  let here: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    here = await train({ epochs: 40 });
  });

  it.each(['stop()', 'its signal', 'stop() while it is paused'])('by %s saves, and another goes on', async (way) => {
    const checkpoint = join(folder, `${way}.safetensors`);
    const controller = new AbortController();
    const { job, steps } = start({ epochs: 40, checkpoint, slow: 2 }, controller.signal);
    await arrival(job, 'step');
    if (way.endsWith('paused')) {
      job.pause();
      await arrival(job, 'pause');
    }
    if (way === 'its signal') controller.abort();
    else job.stop();
    const history = await job.finished;
    expect(history.length).toBeLessThan(40);
    expect(steps.length).toBeLessThan(40 * perEpoch);

    const next = start({ epochs: 40, checkpoint, resume: true, seed: 99 });
    await next.job.ready;
    expect(next.job.weights().step).toBeGreaterThanOrEqual(steps.length);
    await next.job.finished;
    expect([...steps, ...next.steps]).toEqual(here.steps);
    expect(answerOf(next.job).answer).toEqual(here.answer);
  });

  it('before it has begun takes no step', async () => {
    const { job, steps } = start({ epochs: 3 }, AbortSignal.abort());
    expect(await job.finished).toEqual([]);
    expect(steps).toEqual([]);
    const other = start({ epochs: 3 });
    other.job.stop();
    expect(await other.job.finished).toEqual([]);
    // Nothing is left to be stopped; this does no harm.
    other.job.stop();
    other.job.pause();
  });
});

it('ends by early stopping with the weights of the best epoch', async () => {
  const settings: Settings = { epochs: 200, stopping: { patience: 3, restoreBest: true } };
  const { job } = start(settings);
  const logs: unknown[] = [];
  job.on('log', (message) => logs.push(message));
  const history = await job.finished;
  const here = await train(settings);
  expect(history.length).toBeLessThan(200);
  expect(scores(history)).toEqual(scores(here.history));
  expect(answerOf(job).answer).toEqual(here.answer);
  expect(logs).toEqual([expect.stringMatching(/^early stopping after epoch \d+: loss did not improve on \d/)]);
});

describe('what goes wrong in the worker arrives here:', () => {
  it('an error of the training, with its class and stack, after the steps before it', async () => {
    const { job, steps } = start({ epochs: 3, fault: 'throw' });
    const error: Error = await job.finished.then(
      () => expect.fail('it did not fail'),
      (error) => error,
    );
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('the fifth step is too much');
    expect(error.stack).toContain('toy.job.ts');
    expect(steps).toHaveLength(5);
    expect(job.weights().step).toBe(5);
  });

  it('one of our own errors, and a job that cannot be built', async () => {
    const { job } = start({ epochs: 0 });
    const refused = new ValueError('fit: epochs must be a whole number ≥ 1; got 0');
    await expect(job.finished).rejects.toThrow(refused);
    await expect(job.finished).rejects.toBeInstanceOf(ValueError);
    await expect(job.ready).resolves.toBeUndefined();

    const other = start({ epochs: 1, resume: true, checkpoint: join(folder, 'none') });
    await expect(other.job.ready).rejects.toThrow(`readSafetensors: no file ${join(folder, 'none')}; check the path`);
    await expect(other.job.finished).rejects.toThrow('readSafetensors: no file');
  });

  it('an error that nobody caught, and a worker that leaves', async () => {
    const thrown = start({ epochs: 10_000, fault: 'throwLater' });
    await expect(thrown.job.finished).rejects.toThrow(new TypeError('nobody catches this'));
    const left = start({ epochs: 3, fault: 'exit' });
    const says =
      'job: the worker must live until the training is over; it ended with code 3 after step 5; start the job again, from its checkpoint';
    await expect(left.job.finished).rejects.toThrow(new StateError(says));
  });

  it('a module without a job, and no module', async () => {
    const other = new URL('../../lib/core/errors.ts', import.meta.url);
    const says = `startJob: a job module must have a function as its default export; ${other} has none; export one that returns { trainer, batches, fit }`;
    await expect(startJob(other).finished).rejects.toThrow(new ValueError(says));
    const missing = startJob(new URL('./missing.job.ts', import.meta.url));
    await expect(missing.finished).rejects.toThrow(/Cannot find module .*missing\.job\.ts/);
  });

  it('as an event, where somebody listens', async () => {
    const { job } = start({ epochs: 3, fault: 'throw' });
    const seen: string[] = [];
    job.on('end', () => seen.push('end'));
    const error = await arrival<Error>(job, 'error');
    expect([...seen, error.message]).toEqual(['end', 'the fifth step is too much']);
  });
});

it('refuses a module that is no URL, and TypeScript that nothing here can run', () => {
  expect(() => startJob('./toy.job.ts')).toThrow(
    new ValueError(
      "startJob: the job module must be given by its URL; got './toy.job.ts'; write new URL('./toy.job.ts', import.meta.url)",
    ),
  );
  expect(() => startJob('file:///nowhere/toy.job.ts')).toThrow(
    new ValueError(
      `startJob: this Node (${process.version}) runs TypeScript in a worker with tsx only; got file:///nowhere/toy.job.ts, which finds no tsx; install it, or give the compiled JavaScript`,
    ),
  );
});

it('a listener that throws ends the job', async () => {
  const { job } = start({ epochs: 10_000 });
  job.on('epoch', () => {
    throw new Error('a listener that fails');
  });
  await expect(job.finished).rejects.toThrow('a listener that fails');
});

it('a job that is terminated says so; its last weights stay', async () => {
  const checkpoint = join(folder, 'terminated.safetensors');
  const { job } = start({ epochs: 10_000, checkpoint });
  // The first epoch is saved before the second begins.
  await new Promise<void>((resolve) => job.on('epoch', ({ epoch }) => epoch === 2 && resolve()));
  await job.terminate();
  await expect(job.finished).rejects.toThrow(
    /^job: the worker must live until the training is over; it ended with code 1/,
  );
  expect(answerOf(job).step).toBeGreaterThanOrEqual(perEpoch);
  expect(existsSync(checkpoint)).toBe(true);
  const resumed = await toy({ epochs: 1, checkpoint, resume: true });
  expect(resumed.trainer.step).toBeGreaterThanOrEqual(perEpoch);
});

it('has no weights before it has a model', async () => {
  const { job } = start({ epochs: 1 });
  expect(job.step).toBe(0);
  expect(() => job.weights()).toThrow(
    new StateError('weights: the job must have built its model; it is still starting; await job.ready first'),
  );
  await job.finished;
});
