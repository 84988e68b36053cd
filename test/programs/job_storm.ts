/*
 * Terminates jobs at random moments, most of them in the middle of a kernel, while another one trains beside them. Fails unless
 * that one's losses are bit for bit those of a training that nobody disturbed, and the weights that a terminated job leaves
 * behind are those of a finished step. Prints how memory went. Run with --expose-gc.
 *
 *   node --expose-gc --import tsx test/programs/job_storm.ts 200
 */
import { deepStrictEqual, ok, rejects } from 'node:assert';
import { setTimeout } from 'node:timers/promises';
import { StateError } from 'adjoint';
import { startJob } from 'adjoint/train';
import train, { answer } from '../../bench/lenet.job.js';
import { lenet5 } from '../../bench/models.js';

const terminations = Number(process.argv[2]);
const atOnce = 2;
const start = (logs: boolean) =>
  startJob<typeof train>(new URL('../../bench/lenet.job.ts', import.meta.url), { data: { logs } });

const memory: number[] = [];
let started = 0;
let whileTraining = 0;
let stepsChecked = 0;

/** Lives for a moment: one in four is ended while it starts, the others after some steps. */
async function victim(number: number): Promise<void> {
  const job = start(true);
  const logged = new Map<number, number[]>();
  job.on('log', (record) => {
    const { step, answer } = record as { step: number; answer: number[] };
    logged.set(step, answer);
  });
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
  // The last events may have died with the worker; weights never do.
  const expected = logged.get(step);
  if (expected === undefined) return;
  deepStrictEqual(answer(model), expected);
  stepsChecked++;
}

async function lane(): Promise<void> {
  while (started < terminations) {
    await victim(started++);
    globalThis.gc?.();
    memory.push(process.memoryUsage.rss());
  }
}

const side = start(false);
const losses: number[] = [];
side.on('step', ({ loss }) => losses.push(loss));
await side.ready;
await Promise.all(Array.from({ length: atOnce }, lane));
side.stop();
await side.finished;

const undisturbed: number[] = [];
const { trainer, batches, fit } = train({ logs: false });
trainer.on('step', ({ step, loss }) => {
  undisturbed.push(loss);
  if (step === losses.length) trainer.stop();
});
await trainer.fit(batches, fit);
ok(losses.length > 10);
deepStrictEqual(losses, undisturbed);

/** Highest of a part of the terminations; the first quarter warms up. */
const highest = (from: number, to: number): number =>
  Math.max(...memory.slice(Math.floor(from * memory.length), Math.ceil(to * memory.length)));
const growth = highest(0.75, 1) - highest(0.25, 0.75);
console.log(
  JSON.stringify({ terminations, whileTraining, stepsChecked, sideSteps: losses.length, growth, rss: memory.at(-1) }),
);
