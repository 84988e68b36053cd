import type { Call } from './backend.js';

/** How many of their leading views these kernels write, which may depend on how many there are; all others write one. */
const results: Readonly<Record<string, number | ((views: number) => number)>> = {
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
  eigh: (views) => views - 1,
  lstm: 3,
  gru: 3,
  // With the gradients of a state before the first step, where there is one.
  rnnGradient: (views) => (views > 4 ? 2 : 1),
  lstmGradient: (views) => (views > 5 ? 3 : 1),
  gruGradient: (views) => (views > 7 ? 3 : 2),
};

/** An optimiser's kernel, called `…Step`: its views are a parameter and its state, read and written, and last a gradient. */
const isStep = (kernel: string): boolean => kernel.endsWith('Step');

/** How many of its views, the leading ones, a call writes. */
export function resultCount({
  kernel,
  views,
  numbers,
}: Pick<Call, 'kernel' | 'numbers'> & { views: readonly unknown[] }): number {
  if (kernel === 'chain') return numbers[0];
  if (isStep(kernel)) return views.length - 1;
  const count = results[kernel] ?? 1;
  return typeof count === 'number' ? count : count(views.length);
}

/** Whether a kernel reads what it writes: the old value is part of the new one. */
export const readsResults = (kernel: string): boolean =>
  isStep(kernel) || kernel === 'scatterAdd' || kernel === 'indexAdd';
