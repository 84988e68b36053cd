import { backend, kernel, run } from '../backend/index.js';
import { sizeOf } from '../core/shape.js';
import { zeros } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';

/** Multiply-adds that one call of the kernel makes in each element. */
const rounds = 10_000;
/** For so many milliseconds, and at least so many times; the fastest counts. */
const period = 100;
const leastCalls = 5;

// It goes on from the values that it finds.
kernel('peak', { updates: true, flops: ([y], [rounds]) => 2 * sizeOf(y.shape) * rounds });

/** The highest so far, by instruction set and threads: other programs on the machine only ever lower it. */
const peaks = new Map<string, number>();

/** Nothing but float32 multiply-adds in registers, by a kernel that only the native backend has. */
export function multiplyAdds(): { run: () => void; flop: number } {
  // Divides into twelve vectors' chains for every width, 32 parts or more: enough to share out.
  const chains: Tensor = zeros([12 * 16 * 32]);
  return { run: () => void run('peak', [chains], [rounds]), flop: 2 * chains.size * rounds };
}

/**
 * The float32 multiply-add peak in GFLOP/s of the threads and the instruction set in use. Undefined on the reference
 * backend.
 */
export function measurePeak(): number | undefined {
  const { name, isa, threads } = backend();
  if (name !== 'native') return undefined;
  const { run, flop } = multiplyAdds();
  let fastest = Number.POSITIVE_INFINITY;
  const begin = performance.now();
  for (let calls = 0; calls < leastCalls || performance.now() - begin < period; calls++) {
    const start = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  const peak = Math.max(flop / (fastest * 1e6), peaks.get(`${isa} ${threads}`) ?? 0);
  peaks.set(`${isa} ${threads}`, peak);
  return peak;
}
