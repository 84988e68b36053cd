/*
 * Terminates jobs at random moments, most of them in the middle of a kernel, while others train beside them. Fails unless
 * their losses are bit for bit those of a training that nobody disturbed, and the weights that a terminated job leaves
 * behind are those of a finished step. Prints how memory went. Run with --expose-gc.
 *
 *   node --expose-gc --import tsx test/programs/job_storm.ts 200
 */
import { deepStrictEqual, ok, rejects } from 'node:assert';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StateError } from 'adjoint';
import { startJob } from 'adjoint/train';
import train, { answer } from '../../bench/lenet.job.js';
import { lenet5 } from '../../bench/models.js';

const terminations = Number(process.argv[2]);
const atOnce = 2;
const start = () =>
  startJob<typeof train>(new URL(`../../bench/lenet.job${extname(import.meta.url)}`, import.meta.url), {
    data: { logs: false },
  });

const memory: number[] = [];
let started = 0;
let whileTraining = 0;
/** What the weights of terminated jobs answer; all jobs train from the same seed. */
const left: { step: number; answer: number[] }[] = [];

/** Lives for a moment: one in four is ended while it starts, the others after some steps. */
async function victim(number: number): Promise<void> {
  const job = start();
  if (number % 4 === 0) {
    await setTimeout(500 * Math.random());
  } else {
    await job.ready;
    await setTimeout(150 * Math.random());
    whileTraining++;
  }
  await job.terminate();
  await rejects(job.finished, StateError);
  if (number % 4 === 0) return;
  const { step, state } = job.weights();
  const model = lenet5();
  model.loadStateDict(state);
  left.push({ step, answer: answer(model) });
}

async function lane(): Promise<void> {
  while (started < terminations) {
    await victim(started++);
    globalThis.gc?.();
    memory.push(process.memoryUsage.rss());
  }
}

/** Losses of the jobs beside, one after the other, each of some 400 steps. */
const sides: number[][] = [];
let over = false;

async function beside(): Promise<void> {
  while (!over) {
    const job = start();
    const losses: number[] = [];
    job.on('step', ({ loss }) => {
      losses.push(loss);
      if (losses.length >= 400 || over) job.stop();
    });
    await job.finished;
    sides.push(losses);
  }
}

const besides = beside();
await Promise.all(Array.from({ length: atOnce }, lane));
over = true;
await besides;

const { trainer, batches, fit } = train({ logs: true });
const undisturbed: number[] = [];
const answers = [answer(trainer.model)];
trainer.on('log', (record) => answers.push((record as { answer: number[] }).answer));
const last = Math.max(...sides.map(({ length }) => length), ...left.map(({ step }) => step));
trainer.on('step', ({ step, loss }) => {
  undisturbed.push(loss);
  if (step === last) trainer.stop();
});
await trainer.fit(batches, fit);
for (const losses of sides) {
  ok(losses.length > 0);
  deepStrictEqual(losses, undisturbed.slice(0, losses.length));
}
for (const { step, answer } of left) deepStrictEqual(answer, answers[step], `the weights of step ${step}`);

/** Highest of a part of the terminations; the first quarter warms up. */
const highest = (from: number, to: number): number =>
  Math.max(...memory.slice(Math.floor(from * memory.length), Math.ceil(to * memory.length)));
const growth = highest(0.75, 1) - highest(0.25, 0.75);
console.log(
  JSON.stringify({
    terminations,
    whileTraining,
    weightsChecked: left.length,
    sideSteps: sides.flat().length,
    growth,
    rss: memory.at(-1),
  }),
);
