/** How many of their leading views these kernels write; all others write one. */
const results: Readonly<Record<string, number>> = {
  findOutside: 0,
  maxPool2d: 2,
  crossEntropy: 3,
  batchNorm: 3,
  batchNormGradient: 3,
  layerNorm: 3,
  layerNormGradient: 3,
};

/** Kernels that write every view but the last, which is a gradient or a matrix. */
const allButLast: ReadonlySet<string> = new Set(['sgdStep', 'adamStep', 'eigh']);

/** Kernels that read what they write: the old value is part of the new one. */
const updates: ReadonlySet<string> = new Set(['sgdStep', 'adamStep', 'scatterAdd', 'indexAdd']);

/** How many of its views, the leading ones, a call writes. */
export const resultCount = ({ kernel, views }: { kernel: string; views: readonly unknown[] }): number =>
  allButLast.has(kernel) ? views.length - 1 : (results[kernel] ?? 1);

/** Whether a kernel reads what it writes. */
export const readsResults = (kernel: string): boolean => updates.has(kernel);
