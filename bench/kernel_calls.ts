import { intercept, type ProgramCall, prepare, type Slot } from '../lib/backend/index.js';
import type { Storage } from '../lib/core/storage.js';

/** A run of the program should take so long that entering it does not count. */
const leastMilliseconds = 0.2;
const mostRepeats = 200;

/**
 * The kernel calls of `call` as one native program, which repeats them and writes into the memory that their results had
 * the first time.
 *
 * @param omit  a kernel whose calls are left out
 */
export function kernelCalls(call: () => unknown, omit?: string): { run: () => void; repeats: number } {
  for (let i = 0; i < 3; i++) call();
  const slots = new Map<Storage, Slot>();
  const slot = (storage: Storage): Slot => {
    const known = slots.get(storage) ?? { storage };
    slots.set(storage, known);
    return known;
  };
  const calls: ProgramCall[] = [];
  const stop = intercept((engine) => ({
    ...engine,
    run(kernel, views, numbers, hooks) {
      const placed = views.map(({ storage, dtype, offset, shape, strides }) => ({
        ...{ storage, dtype, offset, shape, strides },
        slot: slot(storage),
      }));
      if (kernel !== omit) calls.push({ kernel, views: placed, numbers: [...numbers] });
      return engine.run(kernel, views, numbers, hooks);
    },
    // A captured step within the call.
    prepare(program) {
      calls.push(...program.calls);
      return engine.prepare(program);
    },
  }));
  call();
  stop();
  if (calls.length === 0) throw new Error('no kernel call: a view');

  const once = prepare({ calls, bound: [] });
  once.run();
  const start = performance.now();
  once.run();
  const time = performance.now() - start;
  const repeats = Math.max(1, Math.min(mostRepeats, Math.ceil(leastMilliseconds / time)));
  const program = prepare({ calls: Array.from({ length: repeats }, () => calls).flat(), bound: [] });
  return { run: () => program.run(), repeats };
}
