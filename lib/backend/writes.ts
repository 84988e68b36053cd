/** How many of their leading views these kernels write; all others write one. */
const results: Readonly<Record<string, number>> = {
  findOutside: 0,
  maxPool2d: 2,
  crossEntropy: 3,
  batchNorm: 3,
  batchNormGradient: 3,
  layerNorm: 3,
  layerNormGradient: 3,
  attention: 2,
  attentionGradient: 3,
  groupNorm: 3,
  groupNormGradient: 3,
};

/** An optimiser's kernel, called `…Step`: its views are a parameter and its state, read and written, and last a gradient. */
const isStep = (kernel: string): boolean => kernel.endsWith('Step');

/** How many of its views, the leading ones, a call writes. */
export const resultCount = ({ kernel, views }: { kernel: string; views: readonly unknown[] }): number =>
  isStep(kernel) || kernel === 'eigh' ? views.length - 1 : (results[kernel] ?? 1);

/** Whether a kernel reads what it writes: the old value is part of the new one. */
export const readsResults = (kernel: string): boolean =>
  isStep(kernel) || kernel === 'scatterAdd' || kernel === 'indexAdd';
