import { backend, type Tensor, zeros } from 'adjoint';
import { run } from '../lib/backend/index.js';
import { measure } from './measure.js';

/** Multiply-adds that one call of the kernel makes in each element. */
const rounds = 10_000;

/**
 * The float32 multiply-add peak in GFLOP/s of the threads and the instruction set in use, by a native kernel that does
 * nothing but multiply and add in registers. Undefined on the reference backend.
 */
export function measurePeak(): number | undefined {
  if (backend().name !== 'native') return undefined;
  // Divides into twelve vectors' chains for every width, 32 parts or more: enough to share out.
  const chains: Tensor = zeros([12 * 16 * 32]);
  const { minimum } = measure(() => run('peak', [chains], [rounds]), 0.1);
  return (2 * chains.size * rounds) / (minimum * 1e6);
}
