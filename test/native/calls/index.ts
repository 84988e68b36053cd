// What is said of kernels stands beside the ops that call them.
import 'adjoint';
import 'adjoint/profile';
import type { ElementwiseFunction } from '../../../lib/backend/native.js';
import { activation } from './activation.js';
import { attention } from './attention.js';
import { complex } from './complex.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import { indexing } from './indexing.js';
import { linalg } from './linalg.js';
import { loss } from './loss.js';
import { normalisation } from './normalisation.js';
import type { KernelCall } from './operand.js';
import { optim } from './optim.js';
import { pooling } from './pooling.js';
import { randomNumbers } from './random.js';
import { recurrent } from './recurrent.js';
import { reduction } from './reduction.js';
import { sorting } from './sorting.js';

/**
 * Every kernel, in calls that reach whole vectors, what is left over after them, and more than one row.
 *
 * @param functions  of elements, in the order of their codes
 */
export const kernelCalls = (functions: readonly ElementwiseFunction[]): KernelCall[] => [
  ...elementwise(functions),
  ...linalg(),
  ...complex(),
  ...convolution(),
  ...pooling(),
  ...reduction(),
  ...sorting(),
  ...indexing(),
  ...activation(),
  ...normalisation(),
  ...loss(),
  ...randomNumbers(),
  ...recurrent(),
  ...attention(),
  ...optim(),
];
