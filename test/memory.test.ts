import { describe, expect, it } from 'vitest';
import { runProgram } from './programs.js';

describe.each(['native', 'reference'])('100,000 small steps on the %s backend', (backend) => {
  it.each([
    ['eager', 'never'],
    ['eager', 'every'],
    ['captured', 'never'],
    ['captured', 'every'],
  ])('run in flat memory without disposal, %s, yielding %s', { timeout: 400_000 }, (mode, yields) => {
    const output = runProgram('test/programs/flat_memory.ts', {
      // The young generation at its full size from the start: its growth, once at any time, is not the loop's.
      flags: ['--expose-gc', '--min-semi-space-size=16'],
      args: [mode, yields],
      env: { ADJOINT_BACKEND: backend },
    });
    const { early, late, growth } = JSON.parse(output);
    // Less where what the program's loading left behind is freed later.
    expect(late).toBeLessThanOrEqual(early);
    expect(growth).toBeLessThan(4e6);
  });
});
