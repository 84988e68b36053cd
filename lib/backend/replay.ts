import type { Backend, Failure, Program, Replay } from './backend.js';

/** Runs a program call by call, for an engine without programs of its own, or where someone wants to see each call. */
export function oneByOne({ calls }: Program, runKernel: Backend['run']): Replay {
  const run = (): Failure | null => {
    for (const call of calls) {
      const position = runKernel(call.kernel, call.views, call.numbers, call);
      if (position >= 0) return { call, position };
    }
    return null;
  };
  return { run, runAsync: async () => run() };
}
