import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('worker_storm.mjs', import.meta.url));

/** In a process of its own: what goes wrong here takes the process down. */
function storm(timeout: number, workers: number, elements: number, repeats: number): void {
  const args = [script, String(workers), String(elements), String(repeats)];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', timeout });
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe(`${workers} workers\n`);
  expect(run.status).toBe(0);
}

it('200 worker threads come and go, a quarter of them torn down in the middle of a kernel', ({ task }) =>
  storm(task.timeout, 200, 1_000_000, 1));

it('many small regions at once, from every thread', ({ task }) => storm(task.timeout, 8, 40_000, 1_000));
