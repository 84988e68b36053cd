/** Milliseconds of one call. */
export interface Timing {
  median: number;
  minimum: number;
}

/** Milliseconds: of the clock, or where ADJOINT_BENCH_CLOCK is `cpu` those that this process computed. */
const now: () => number =
  process.env['ADJOINT_BENCH_CLOCK'] === 'cpu'
    ? () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      }
    : () => performance.now();

/** A call so slow that five do not fit into five times the wanted time is called less often, once at the least. */
const enough = (samples: readonly number[], end: number, seconds: number): boolean =>
  now() >= end && (samples.length >= 5 || (samples.length >= 1 && now() >= end + 4000 * seconds));

/** Times a call for about `seconds`: samples of at least a millisecond each, after a warm-up. */
export function measure(call: () => unknown, seconds: number): Timing {
  const batch = (n: number): number => {
    const start = now();
    for (let i = 0; i < n; i++) call();
    return now() - start;
  };
  let repeats = 1;
  while (batch(repeats) < 1 && repeats < 1 << 20) repeats *= 2;
  const samples: number[] = [];
  const end = now() + seconds * 1000;
  while (!enough(samples, end, seconds)) samples.push(batch(repeats) / repeats);
  return { median: median(samples), minimum: Math.min(...samples) };
}

/** The same of calls that take their time elsewhere, one after the other; for a good part of a millisecond each. */
export async function measureAsync(call: () => Promise<unknown>, seconds: number): Promise<Timing> {
  for (let i = 0; i < 3; i++) await call();
  const samples: number[] = [];
  const end = now() + seconds * 1000;
  while (!enough(samples, end, seconds)) {
    const start = now();
    await call();
    samples.push(now() - start);
  }
  return { median: median(samples), minimum: Math.min(...samples) };
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
