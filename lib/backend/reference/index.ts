import type { Backend } from '../backend.js';
import { copyKernels } from './copy.js';
import { elementwiseKernels } from './elementwise.js';
import type { KernelTable } from './loops.js';
import { optimizerKernels } from './optimizer.js';
import { reduceKernels } from './reduce.js';

const kernels: KernelTable = { ...copyKernels, ...elementwiseKernels, ...reduceKernels, ...optimizerKernels };

/** Kernels in plain TypeScript, one for every primitive: the fallback where no binary fits, and the native kernels' check. */
export const referenceBackend: Backend = {
  name: 'reference',
  has: (kernel) => kernel in kernels,
  run: (kernel, views, numbers) => kernels[kernel](views, numbers),
};
