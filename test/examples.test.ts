import { expect, it } from 'vitest';
import { runProgram, startProgram } from './programs.js';

/* Each example asserts its own result and fails if it is not reached. */

it.each(['linear_regression', 'xor', 'rosenbrock'])('%s reaches its result', (name) => {
  expect(runProgram(`examples/${name}.ts`)).toMatch(/^step \d+: /);
});

it('mnist_mlp asks for its data', async () => {
  const { code, stderr } = await startProgram('examples/mnist_mlp.ts').ended;
  expect(code).toBe(1);
  expect(stderr).toContain('usage: npx tsx examples/mnist_mlp.ts FOLDER');
});
