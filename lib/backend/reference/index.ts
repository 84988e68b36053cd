import { checkAttached } from '../../core/storage.js';
import type { Backend } from '../backend.js';
import { oneByOne } from '../replay.js';
import { convKernels } from './conv2d.js';
import { copyKernels } from './copy.js';
import { cumsumKernels } from './cumsum.js';
import { eighKernels } from './eigh.js';
import { elementwiseKernels } from './elementwise.js';
import { indexingKernels } from './indexing.js';
import type { KernelTable } from './loops.js';
import { matmulKernels } from './matmul.js';
import { optimizerKernels } from './optimizer.js';
import { poolKernels } from './pool2d.js';
import { randomKernels } from './random.js';
import { reduceKernels } from './reduce.js';

const kernels: KernelTable = {
  ...copyKernels,
  ...elementwiseKernels,
  ...reduceKernels,
  ...cumsumKernels,
  ...eighKernels,
  ...indexingKernels,
  ...randomKernels,
  ...matmulKernels,
  ...convKernels,
  ...poolKernels,
  ...optimizerKernels,
};

/** Kernels in plain TypeScript, one for every primitive: the fallback where no binary fits, and the native kernels' check. */
export const referenceBackend: Backend = {
  name: 'reference',
  has: (kernel) => kernel in kernels,
  functions: new Map(),
  run(kernel, views, numbers) {
    for (const view of views) checkAttached(kernel, view);
    const found = kernels[kernel](views, numbers);
    return typeof found === 'number' ? found : -1;
  },
  prepare: (program) => oneByOne(program, referenceBackend.run),
};
