import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../programs.js';

/* Each example asserts its own result and fails if it is not reached. The longest takes 15 s of a processor's time. */

const field = ['error.svg', 'loss.svg', 'profiles.svg', 'solution.svg'];

it.each([
  ['oscillator', [], /^relative L2 error \d\.\d+e-\d$/m, ['error.svg', 'loss.svg', 'solution.svg']],
  ['heat', [], /^relative L2 error \d\.\d+e-\d$/m, field],
  ['burgers', ['--short'], /^relative L2 error \d\.\d+e-\d$/m, field],
  ['wgan_gp', [], /^within 3σ of a mode: \d+\.\d %$/m, ['course.svg', 'points.svg']],
] as const)('%s reaches its result and draws it', { timeout: 600_000 }, (name, args, says, figures) => {
  const folder = mkdtempSync(join(tmpdir(), `adjoint-${name}-`));
  try {
    expect(runProgram(`examples/${name}.ts`, { args: [...args], cwd: folder })).toMatch(says);
    expect(readdirSync(join(folder, 'runs', name)).sort()).toEqual(figures);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
