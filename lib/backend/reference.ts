import { checkAttached } from './../core/storage.js';
import type { Backend } from './backend.js';
import { convKernels } from './reference/conv2d.js';
import { copyKernels } from './reference/copy.js';
import { cumsumKernels } from './reference/cumsum.js';
import { eighKernels } from './reference/eigh.js';
import { elementwiseKernels } from './reference/elementwise.js';
import { indexingKernels } from './reference/indexing.js';
import type { KernelTable } from './reference/loops.js';
import { matmulKernels } from './reference/matmul.js';
import { optimizerKernels } from './reference/optimizer.js';
import { poolKernels } from './reference/pool2d.js';
import { randomKernels } from './reference/random.js';
import { reduceKernels } from './reference/reduce.js';
import { oneByOne } from './replay.js';

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
