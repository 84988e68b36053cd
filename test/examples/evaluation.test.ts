import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../programs.js';

/* Each example asserts its own result and fails if it is not reached. */

it('xor_seeds finds a fifth of the nets learning', () => {
  expect(runProgram('examples/xor_seeds.ts', { args: ['60'] })).toMatch(/^rate 0\.1: learnt by \d+\.\d ± \d\.\d %/m);
});

it('digits_grid searches and draws its heat maps', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-digits-grid-'));
  try {
    const printed = runProgram('examples/digits_grid.ts', { args: ['--short'], cwd: folder });
    expect(printed).toMatch(/^best: rate \S+, penalty \S+, accuracy \d+\.\d %$/m);
    expect([...printed.matchAll(/^penalty /gm)]).toHaveLength(14);
    for (const name of ['train', 'test']) {
      const svg = readFileSync(join(folder, 'runs/digits_grid', `${name}.svg`), 'utf8');
      expect(svg).toContain(`Accuracy on ${name} images`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
