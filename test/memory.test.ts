import { describe, expect, it } from 'vitest';
import { runProgram } from './programs.js';

describe.each(['native', 'reference'])('a loop of 40,000 steps on the %s backend', (backend) => {
  it('runs in flat memory without await and without disposal', { timeout: 240_000 }, () => {
    const output = runProgram('test/programs/flat_memory.ts', {
      flags: ['--expose-gc'],
      env: { ADJOINT_BACKEND: backend },
    });
    const { early, late, growth } = JSON.parse(output);
    expect(late).toBe(early);
    expect(growth).toBeLessThan(10e6);
  });
});
