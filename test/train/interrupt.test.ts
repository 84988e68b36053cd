import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startProgram } from '../programs.js';
import toy from './toy.job.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-interrupt-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['SIGINT', 'SIGTERM'] as const)('%s saves and leaves', async (signal) => {
  const checkpoint = join(folder, `${signal}.safetensors`);
  const { kill, printed, ended } = startProgram('test/programs/interrupted.ts', { args: [checkpoint, '2'] });
  await printed('training');
  await setTimeout(100);
  kill(signal);
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { step, ...rest } = JSON.parse(stdout.split('\n')[1]);
  expect(rest).toEqual({ signal, listeners: 0 });
  const { trainer } = await toy({ epochs: 1, checkpoint, resume: true });
  expect(trainer.step).toBe(step);
});

it('a second signal does not wait for the step', async () => {
  const checkpoint = join(folder, 'twice.safetensors');
  const { kill, printed, ended } = startProgram('test/programs/interrupted.ts', { args: [checkpoint, '30000'] });
  await printed('training');
  const start = performance.now();
  kill('SIGTERM');
  await setTimeout(300);
  kill('SIGINT');
  const { code, stdout } = await ended;
  expect({ code, stdout }).toEqual({ code: null, stdout: 'training\n' });
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(existsSync(checkpoint)).toBe(false);
});
