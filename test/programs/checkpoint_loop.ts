/*
 * Run by kill_storm.ts, which kills it: trains and saves after every second step, from where the folder's checkpoint is, until
 * `epochs` epochs are done. Prints a line when training begins, and before every time that it saves.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { logMetrics } from 'adjoint/train';
import { makeRun } from './checkpoint_run.js';

const [folder, epochs] = process.argv.slice(2);
const checkpoint = join(folder, 'run.safetensors');
const { trainer, batches } = makeRun();
if (existsSync(checkpoint)) await trainer.resume(checkpoint, batches);
logMetrics(trainer, join(folder, 'metrics.jsonl'));
trainer.on('epoch', () => console.log('saving'));
console.log('training');
await trainer.fit(batches, { epochs: Number(epochs), checkpoint });
