import { expect, it } from 'vitest';
import { runProgram, startProgram } from './programs.js';

/* Each example asserts its own result and fails if it is not reached. */

it.each(['linear_regression', 'xor', 'rosenbrock'])('%s reaches its result', (name) => {
  expect(runProgram(`examples/${name}.ts`)).toMatch(/^step \d+: /);
});

it.each([
  ['oscillator', []],
  ['heat', []],
  ['burgers', ['--short']],
])('%s: the network solves its equation', { timeout: 600_000 }, (name, args) => {
  expect(runProgram(`examples/${name}.ts`, { args })).toMatch(/^relative L2 error \d\.\d+e-\d$/m);
});

it('wgan_gp: all modes are found and the critic has slope 1', { timeout: 600_000 }, () => {
  expect(runProgram('examples/wgan_gp.ts')).toMatch(/^within 3σ of a mode: \d+\.\d %$/m);
});

it('mnist_mlp asks for its data', async () => {
  const { code, stderr } = await startProgram('examples/mnist_mlp.ts').ended;
  expect(code).toBe(1);
  expect(stderr).toContain('usage: npx tsx examples/mnist_mlp.ts FOLDER');
});
