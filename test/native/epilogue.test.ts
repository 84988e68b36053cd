import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { allCases } from './cases.js';
import { dense, zeros } from './layouts.js';

const addon = loadAddon();
const { run } = nativeBackend(addon);
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

const cases = allCases().filter(({ kernel }) => ['matmul', 'conv2d', 'conv2dWinograd'].includes(kernel));

/** The function that case i is tried with; integers have no other than relu, neg, abs, sign, square. */
const functions = ['relu', 'tanh', 'sigmoid', 'gelu', 'geluTanh', 'exp', 'sin'];
const functionOf = (i: number): string => (cases[i].dtype === 'int32' ? 'relu' : functions[i % functions.length]);

const digest = (values: Float64Array): string => createHash('sha256').update(values).digest('hex');

describe('a function applied to the result of matmul and conv2d gives the bits of its own kernel', () => {
  it.each(addon.isas.flatMap((isa) => [1, 2].map((count) => ({ isa, count }))))('$isa, $count threads', (engine) => {
    addon.setIsa(engine.isa);
    addon.setThreads(engine.count);
    const failures = cases.flatMap(({ name, kernel, dtype, inputs, results, numbers, expected }, i) => {
      const [{ shape }] = expected();
      const f = functionOf(i);
      const plain = zeros(dtype, shape, results[0].layout);
      run(kernel, [plain, ...inputs], numbers);
      const separate = zeros(dtype, shape, 'rows');
      run(f, [separate, plain], []);

      const fused = zeros(dtype, shape, results[0].layout);
      const code = 1 + addon.elementwise.findIndex(({ name }) => name === f);
      // Volumes have numbers behind it.
      const at = kernel === 'matmul' ? numbers.length : 7;
      run(kernel, [fused, ...inputs], [...numbers.slice(0, at), code, ...numbers.slice(at + 1)]);
      return digest(dense(fused).values) === digest(dense(separate).values) ? [] : [`${f} of ${name}`];
    });
    expect(failures).toEqual([]);
  });
});
