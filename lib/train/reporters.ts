import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ProgressBar, type ProgressOptions } from './progress.js';
import type { StepRecord, Trainer } from './trainer.js';

/**
 * Shows a trainer's progress: on a terminal a bar with loss, metrics, speed and time left; elsewhere a line per epoch.
 *
 * @param options.unit  what the speed counts, e.g. 'images'; default 'examples'
 */
export function showProgress<M extends string>(trainer: Trainer<M>, options: ProgressOptions = {}): void {
  const bar = new ProgressBar(options);
  trainer.on('progress', (progress) => bar.update(progress));
  trainer.on('epoch', (_record, progress) => bar.endEpoch(progress));
  trainer.on('end', () => bar.end());
}

/**
 * Appends every step and epoch of a trainer to a file, a JSON object a line, each with its `loss`. Records past the trainer's step, written by a
 * run that went on after its last checkpoint, are dropped first, so that a resumed run's file equals an uninterrupted one's.
 *
 * @returns a function that gives all steps' records so far, those from before a resume included
 */
export function logMetrics<M extends string>(trainer: Trainer<M>, path: string): () => StepRecord[] {
  const lines = existsSync(path) && trainer.step > 0 ? readFileSync(path, 'utf8').split('\n') : [];
  const kept = lines.flatMap((line) => parse(line) ?? []).filter(({ step }) => step <= trainer.step);
  writeFileSync(path, kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const steps = kept.filter((record): record is StepRecord => 'lr' in record);

  const append = (record: object): void => appendFileSync(path, `${JSON.stringify(record)}\n`);
  trainer.on('step', (record) => {
    steps.push(record);
    append(record);
  });
  trainer.on('epoch', ({ train, ...record }) => append({ step: trainer.step, ...train, ...record }));
  return () => steps;
}

/** A record, or undefined for a line that a crash cut off. */
function parse(line: string): { step: number } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
