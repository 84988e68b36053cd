import { describe, expect, it } from 'vitest';
import { runProgram } from './programs.js';

describe.each(['native', 'reference'])('a loop of 100,000 small steps on the %s backend', (backend) => {
  it.each(['never', 'every'])('runs in flat memory without disposal, yielding %s', { timeout: 400_000 }, (yields) => {
    const output = runProgram('test/programs/flat_memory.ts', {
      flags: ['--expose-gc'],
      args: [yields],
      env: { ADJOINT_BACKEND: backend },
    });
    const { early, late, growth } = JSON.parse(output);
    // Less where what the program's loading left behind is freed later.
    expect(late).toBeLessThanOrEqual(early);
    expect(growth).toBeLessThan(10e6);
  });
});
