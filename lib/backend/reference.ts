import { checkReal } from '../core/dtype.js';
import { checkAttached } from '../core/storage.js';
import type { Backend } from './backend.js';
import { factsOf } from './kernel.js';
import { complexKernels } from './reference/complex.js';
import { convKernels } from './reference/conv2d.js';
import { copyKernels } from './reference/copy.js';
import { cumsumKernels } from './reference/cumsum.js';
import { elementwiseKernels, map } from './reference/elementwise.js';
import { fftKernels } from './reference/fft.js';
import { indexingKernels } from './reference/indexing.js';
import { linalgKernels } from './reference/linalg.js';
import type { Kernel } from './reference/loops.js';
import { matmulKernels } from './reference/matmul.js';
import { optimizerKernels } from './reference/optimizer.js';
import { poolKernels } from './reference/pool2d.js';
import { randomKernels } from './reference/random.js';
import { reduceKernels } from './reference/reduce.js';
import { sortingKernels } from './reference/sorting.js';
import { oneByOne } from './replay.js';

const kernels: Record<string, Kernel> = {
  ...copyKernels,
  ...elementwiseKernels,
  ...reduceKernels,
  ...cumsumKernels,
  ...sortingKernels,
  ...linalgKernels,
  ...complexKernels,
  ...fftKernels,
  ...indexingKernels,
  ...randomKernels,
  ...matmulKernels,
  ...convKernels,
  ...poolKernels,
  ...optimizerKernels,
};

/** A kernel of the tables, or the loop over a function that stands beside its op. */
function kernelOf(name: string): Kernel | undefined {
  if (!(name in kernels)) {
    const { of } = factsOf(name);
    if (of !== undefined) kernels[name] = map(of);
  }
  return kernels[name];
}

/** Kernels in plain TypeScript, one for every primitive: the fallback where no binary fits, and the native kernels' check. */
export const referenceBackend: Backend = {
  name: 'reference',
  has: (kernel) => kernelOf(kernel) !== undefined,
  functions: new Map(),
  run(kernel, views, numbers) {
    for (const view of views) {
      checkReal(kernel, view.dtype);
      checkAttached(kernel, view);
    }
    const found = (kernelOf(kernel) as Kernel)(views, numbers);
    return typeof found === 'number' ? found : -1;
  },
  prepare: (program) => oneByOne(program, referenceBackend.run),
};
