import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { checkObject, checkPath } from '../core/check.js';
import { type Progress, ProgressBar, type ProgressOptions } from './progress.js';
import type { EpochRecord, StepRecord } from './records.js';

/** What can be followed: a Trainer, or a Job. */
export interface Run {
  /** Steps done so far. */
  readonly step: number;
  on(event: 'step', listener: (record: StepRecord) => void): unknown;
  on(event: 'progress', listener: (progress: Progress) => void): unknown;
  on(event: 'epoch', listener: (record: EpochRecord<string>, progress: Progress) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

/**
 * Shows a run's progress: on a terminal a bar with loss, metrics, speed and time left; elsewhere a line per epoch.
 *
 * @param options.unit  what the speed counts, e.g. 'images'; default 'examples'
 */
export function showProgress(run: Run, options: ProgressOptions = {}): void {
  checkObject('showProgress', 'run', run, ['on']);
  const bar = new ProgressBar(options);
  run.on('progress', (progress) => bar.update(progress));
  run.on('epoch', (_record, progress) => bar.endEpoch(progress));
  run.on('end', () => bar.end());
}

/**
 * Appends every step and epoch of a run to a file, a JSON object a line, each with its `loss`. Records past the run's
 * step, which it did after its last checkpoint and does again, are dropped first, so that a resumed run's file equals
 * an uninterrupted one's. A Trainer has its step after `resume`, a Job once it is `ready`.
 *
 * @returns a function that gives all steps' records so far, those from before a resume included
 */
export function logMetrics(run: Run, path: string): () => StepRecord[] {
  checkObject('logMetrics', 'run', run, ['on']);
  checkPath('logMetrics', path);
  let { step } = run;
  const lines = existsSync(path) && step > 0 ? readFileSync(path, 'utf8').split('\n') : [];
  const kept = lines.flatMap((line) => parse(line) ?? []).filter((record) => record.step <= step);
  writeFileSync(path, kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const steps = kept.filter((record): record is StepRecord => 'lr' in record);

  const append = (record: object): void => appendFileSync(path, `${JSON.stringify(record)}\n`);
  run.on('step', (record) => {
    step = record.step;
    steps.push(record);
    append(record);
  });
  run.on('epoch', ({ train, ...record }) => append({ step, ...train, ...record }));
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
