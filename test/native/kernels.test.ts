import { describe, expect, it } from 'vitest';
import type { View } from '../../lib/backend/backend.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { convKernels } from '../../lib/backend/reference/conv2d.js';
import { matmulKernels } from '../../lib/backend/reference/matmul.js';
import { poolKernels } from '../../lib/backend/reference/pool2d.js';
import { allCases, bfloat16Cases } from './cases.js';
import { checkAll } from './check.js';

const addon = loadAddon();
const cases = [...allCases(), ...bfloat16Cases()];

function runNative(isa: string, threads: number) {
  addon.setIsa(isa);
  addon.setThreads(threads);
  return checkAll(cases, nativeBackend(addon).run);
}

describe('matmul, conv2d and pooling against plain loops in float64', () => {
  it.each(addon.isas)('native, %s: one and two threads give the same bits', (isa) => {
    const [one, two] = [runNative(isa, 1), runNative(isa, 2)];
    expect(one.failures).toEqual([]);
    expect(two.digest).toBe(one.digest);
  });

  it('reference', () => {
    const kernels: Record<string, (views: readonly View[], numbers: readonly number[]) => void> = {
      ...matmulKernels,
      ...convKernels,
      ...poolKernels,
    };
    expect(
      checkAll([...allCases(), ...bfloat16Cases()], (kernel, views, numbers) => kernels[kernel](views, numbers))
        .failures,
    ).toEqual([]);
  });
});
