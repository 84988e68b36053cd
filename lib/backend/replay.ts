import type { Backend, Failure, Program, Replay } from './backend.js';

/** Nanoseconds of the monotonic clock. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

/** Runs a program call by call, for an engine without programs of its own, or where someone wants to see each call. */
export function oneByOne({ calls }: Program, runKernel: Backend['run']): Replay {
  const run = (times?: Float64Array): Failure | null => {
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i];
      if (times !== undefined) times[2 * i] = now();
      const position = runKernel(call.kernel, call.views, call.numbers, call);
      if (times !== undefined) times[2 * i + 1] = now();
      if (position >= 0) return { call, position };
    }
    return null;
  };
  return { run, runAsync: async (times) => run(times) };
}
