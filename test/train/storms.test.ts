import { expect, it } from 'vitest';
import { runProgram } from '../programs.js';

/* Short forms of programs that are run by hand at length: 200 terminations, 200 kills, ten seconds of watching. */

it('jobs that are terminated harm nobody', { timeout: 240_000 }, () => {
  const output = runProgram('test/programs/job_storm.ts', { flags: ['--expose-gc'], args: ['8'] });
  expect(JSON.parse(output)).toMatchObject({ terminations: 8, whileTraining: 6, weightsChecked: 6 });
});

it('a run that is killed while it saves goes on bit for bit', { timeout: 240_000 }, () => {
  const output = runProgram('test/programs/kill_storm.ts', { args: ['4'] });
  expect(JSON.parse(output)).toMatchObject({ kills: 4 });
});

it('the main thread stays free, and serves finished steps', { timeout: 240_000 }, () => {
  const output = runProgram('bench/job.ts', { args: ['--seconds', '1.5'] });
  const { eventLoopDelay, equalPredictions } = JSON.parse(output);
  // 20 ms where the machine does nothing else; what it does else shows in the delay without a job.
  expect(eventLoopDelay.training.p99).toBeLessThan(20 + 10 * eventLoopDelay.idle.p99);
  expect(equalPredictions.checked).toBeGreaterThan(10);
  expect(equalPredictions.ofSteps).toBeGreaterThan(3);
});
