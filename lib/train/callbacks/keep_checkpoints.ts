import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPath, checkWhole } from '../../core/check.js';
import type { Callback } from './callback.js';
import { type BestOptions, checkBest, checkScore, judge } from './early_stopping.js';

/** The checkpoint of an epoch in its folder. */
export function checkpointOf(folder: string, epoch: number): string {
  checkPath('checkpointOf', folder);
  return join(folder, `epoch-${String(epoch).padStart(4, '0')}.safetensors`);
}

/**
 * Writes a checkpoint after every epoch, `epoch-0001.safetensors` and on, and keeps the last ones.
 *
 * @param folder  must be there
 * @param count   whole, ≥ 1
 */
export function keepLast(folder: string, count: number): Callback {
  checkPath('keepLast', folder);
  checkWhole('keepLast', 'count', count, 1);
  return {
    name: `keep_last ${folder}`,
    async checkpoint({ epoch }, run) {
      // First the new one: at no time are there fewer than were asked for.
      await run.save(checkpointOf(folder, epoch));
      if (epoch > count) await rm(checkpointOf(folder, epoch - count), { force: true });
    },
  };
}

/**
 * Writes a checkpoint after every epoch that is the best one so far, so that the file holds the best of all.
 *
 * @param path  replaced at once or not at all
 */
export function keepBest(path: string, options: BestOptions = {}): Callback {
  checkPath('keepBest', path);
  checkBest('keepBest', options);
  return {
    name: `keep_best ${path}`,
    begin: (run) => checkScore('keepBest', run, options),
    async checkpoint({ epoch }, run) {
      if (judge(run, options).best === epoch) await run.save(path);
    },
  };
}
