/* Run by interrupt.test.ts, which sends it signals: trains in a worker until one comes, and prints how that ended. */
import { startJob, stopOnInterrupt } from 'adjoint/train';
import type toy from '../train/toy.job.js';

const [checkpoint, slow] = process.argv.slice(2);
const job = startJob<typeof toy>(new URL('../train/toy.job.ts', import.meta.url), {
  data: { epochs: 1e6, checkpoint, slow: Number(slow) },
});
const interrupted = stopOnInterrupt(job);
await job.ready;
console.log('training');
await job.finished;
const listeners = process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
console.log(JSON.stringify({ signal: interrupted(), listeners, step: job.step }));
