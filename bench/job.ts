/*
 * What a training in a worker costs the main thread: its event loop's delay, idle and while the job trains LeNet-5 at
 * full speed and predictions are served; and what the worker and serving cost the training. Fails if a prediction is
 * not that of a finished step.
 *
 *   npx tsx bench/job.ts [--seconds 10]
 */
import { deepStrictEqual } from 'node:assert';
import { extname } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startJob } from 'adjoint/train';
import train, { answer } from './lenet.job.js';
import { lenet5 } from './models.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const duration = 1000 * Number(values.seconds);
/** Time between two predictions. */
const pause = 5;
const start = (logs: boolean) =>
  startJob<typeof train>(new URL(`lenet.job${extname(import.meta.url)}`, import.meta.url), { data: { logs } });

/** How late a timer of 1 ms is while `work` is done, in milliseconds. */
async function delayDuring(work: () => Promise<unknown>) {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  await work();
  delay.disable();
  const ms = (nanoseconds: number): number => Number((nanoseconds / 1e6 - resolution).toFixed(2));
  return { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
}

/** Answers, and by the weights of which step, until the time is over. */
async function serve(job: ReturnType<typeof start>): Promise<{ step: number; answer: number[] }[]> {
  const model = lenet5();
  const answers = [];
  for (const end = performance.now() + duration; performance.now() < end; await setTimeout(pause)) {
    const { step, state } = job.weights();
    model.loadStateDict(state);
    answers.push({ step, answer: answer(model) });
  }
  return answers;
}

/** Runs a job while something else is done; returns how many steps it did a second. */
async function beside(job: ReturnType<typeof start>, work: () => Promise<unknown>): Promise<number> {
  // The first steps compile and warm up.
  while (job.step < 20) await setTimeout(10);
  const [step, time] = [job.step, performance.now()];
  await work();
  const speed = ((job.step - step) / (performance.now() - time)) * 1000;
  job.stop();
  await job.finished;
  return Number(speed.toFixed(1));
}

/** Steps a second in this thread. */
async function here(): Promise<number> {
  const { trainer, batches, fit } = train({ logs: false });
  let [first, time] = [0, 0];
  trainer.on('step', ({ step }) => {
    if (step === 20) [first, time] = [step, performance.now()];
    if (step > 20 && performance.now() - time > duration) trainer.stop();
  });
  await trainer.fit(batches, fit);
  return Number((((trainer.step - first) / (performance.now() - time)) * 1000).toFixed(1));
}

const mainThread = await here();

const alone = await beside(start(false), () => setTimeout(duration));

const idle = await delayDuring(() => setTimeout(duration));

const training = start(false);
let delay = idle;
let predictions = 0;
const served = await beside(training, async () => {
  delay = await delayDuring(async () => {
    predictions = (await serve(training)).length;
  });
});

const logging = start(true);
const logged = new Map<number, number[]>();
logging.on('log', (record) => {
  const { step, answer } = record as { step: number; answer: number[] };
  logged.set(step, answer);
});
let answers: { step: number; answer: number[] }[] = [];
await beside(logging, async () => {
  answers = await serve(logging);
});
for (const { step, answer } of answers) deepStrictEqual(answer, logged.get(step), `the prediction of step ${step}`);

console.log(
  JSON.stringify({
    eventLoopDelay: { idle, training: delay },
    stepsPerSecond: { mainThread, job: alone, jobServed: served },
    predictionsPerSecond: Math.round(predictions / (duration / 1000)),
    equalPredictions: { checked: answers.length, ofSteps: new Set(answers.map(({ step }) => step)).size },
  }),
);
