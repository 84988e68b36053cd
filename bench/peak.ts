import { backend, type Tensor, zeros } from 'adjoint';
import { run } from '../lib/backend/index.js';
import { measure } from './measure.js';

/** Multiply-adds per element of the result that one call of the kernel makes. */
const rounds = 100_000;

/**
 * The float32 multiply-add peak of this machine in GFLOP/s, with the threads in use: a native kernel that only multiplies
 * and adds in registers. Undefined on the reference backend.
 */
export function measurePeak(): number | undefined {
  if (backend().name !== 'native') return undefined;
  // As many chains as registers hide the latency of; the kernel spreads its elements over the threads.
  const chains: Tensor = zeros([4 * 256]);
  const { minimum } = measure(() => run('peak', [chains], [rounds]), 0.1);
  return (2 * chains.size * rounds) / (minimum * 1e6);
}
