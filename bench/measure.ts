/** Milliseconds of one call. */
export interface Timing {
  median: number;
  minimum: number;
}

const now = (): number => performance.now();

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
  while (now() < end || samples.length < 5) samples.push(batch(repeats) / repeats);
  return summary(samples);
}

export function summary(samples: number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], minimum: sorted[0] };
}
