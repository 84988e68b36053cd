import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { View } from '../../lib/backend/backend.js';
import { loadAddon } from '../../lib/backend/native.js';
import { convKernels } from '../../lib/backend/reference/conv2d.js';
import { matmulKernels } from '../../lib/backend/reference/matmul.js';
import { poolKernels } from '../../lib/backend/reference/pool2d.js';
import { allCases } from './cases.js';
import { checkAll } from './check.js';

interface Outcome {
  isa: string;
  threads: number;
  failures: string[];
  digest: string;
}

/** Runs every case in a process of its own: instruction set and threads are chosen when the addon loads. */
function runNative(isa: string, threads: number): Outcome {
  const child = fileURLToPath(new URL('child.ts', import.meta.url));
  const env = { ...process.env, ADJOINT_ISA: isa, ADJOINT_NUM_THREADS: String(threads) };
  return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', child], { env, encoding: 'utf8' })) as Outcome;
}

describe('matmul, conv2d and pooling against plain loops in float64', () => {
  it.each(loadAddon().isas)('native, %s: one and two threads give the same bits', (isa) => {
    const [one, two] = [runNative(isa, 1), runNative(isa, 2)];
    expect(one.failures).toEqual([]);
    expect([one.isa, one.threads, two.threads]).toEqual([isa, 1, 2]);
    expect(two.digest).toBe(one.digest);
  });

  it('reference', () => {
    const kernels: Record<string, (views: readonly View[], numbers: readonly number[]) => void> = {
      ...matmulKernels,
      ...convKernels,
      ...poolKernels,
    };
    expect(checkAll(allCases(), (kernel, views, numbers) => kernels[kernel](views, numbers)).failures).toEqual([]);
  });
});
