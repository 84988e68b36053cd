/* npx tsx bench/kernels.ts: every bandwidth-bound kernel with its result in place, beside PyTorch's in the same minute. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type KernelCase, kernelCases } from './kernel_cases.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '0.05' },
    threads: { type: 'string', default: '1,2' },
    json: { type: 'boolean', default: false },
    /** Prints our own times alone: what the other processes are started with. */
    engine: { type: 'boolean', default: false },
  },
});

interface Own {
  ms: number;
  bytes: number;
}

/** The least time of a call in batches of about 0.3 ms: whatever else the machine does only adds. */
function least(call: () => void, seconds: number): number {
  const batch = (n: number): number => {
    const start = performance.now();
    for (let i = 0; i < n; i++) call();
    return performance.now() - start;
  };
  for (let i = 0; i < 3; i++) call();
  let repeats = 1;
  while (batch(repeats) < 0.3 && repeats < 1 << 16) repeats *= 2;
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) best = Math.min(best, batch(repeats) / repeats);
  return best;
}

if (options.engine) {
  const own = kernelCases(options.only).map(({ name, setup }): [string, Own] => {
    const { call, bytes }: KernelCase = setup();
    return [name, { ms: least(call, Number(options.seconds)), bytes }];
  });
  console.log(JSON.stringify(Object.fromEntries(own)));
  process.exit();
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const common = ['--seconds', options.seconds, '--only', options.only];
const spawn = (command: string, args: string[], env: Record<string, string>): unknown =>
  JSON.parse(execFileSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 }));

const engine = (threads: string): Record<string, Own> =>
  spawn(process.execPath, ['--import', 'tsx', file('kernels.ts'), '--engine', ...common], {
    ADJOINT_NUM_THREADS: threads,
  }) as Record<string, Own>;

const pytorch = (threads: string): Record<string, number>[] =>
  // Its kernels for AVX-512 are there, and chosen only on demand.
  [{}, { ATEN_CPU_CAPABILITY: 'avx512' }].map(
    (capability) =>
      spawn('/usr/bin/python3', [file('kernels.py'), '--threads', threads, ...common], {
        OMP_NUM_THREADS: threads,
        ...(threads !== '1' && { OMP_PROC_BIND: 'true' }),
        ...capability,
      }) as Record<string, number>,
  );

interface Row {
  case: string;
  threads: number;
  /** Milliseconds: the least of all rounds. */
  adjoint: number;
  pytorch?: number;
  /** PyTorch's over ours. */
  ratio?: number;
  gigabytesPerSecond: number;
}

const rows: Row[] = [];
for (const threads of options.threads.split(',')) {
  const own: Record<string, Own> = {};
  const theirs: Record<string, number> = {};
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, { ms, bytes }] of Object.entries(engine(threads))) {
      own[name] = { ms: Math.min(ms, own[name]?.ms ?? ms), bytes };
    }
    for (const report of pytorch(threads)) {
      for (const [name, ms] of Object.entries(report)) theirs[name] = Math.min(ms, theirs[name] ?? ms);
    }
  }
  for (const [name, { ms, bytes }] of Object.entries(own)) {
    const other = theirs[name];
    rows.push({
      case: name,
      threads: Number(threads),
      adjoint: ms,
      ...(other !== undefined && { pytorch: other, ratio: other / ms }),
      gigabytesPerSecond: bytes / (ms * 1e6),
    });
  }
}
if (options.json) console.log(JSON.stringify(rows, null, 1));
else {
  const time = (ms: number): string => (ms < 0.01 ? `${(ms * 1e6).toFixed(0)} ns` : `${ms.toPrecision(3)} ms`);
  console.log('| case | threads | adjoint | GB/s | PyTorch | PyTorch ÷ ours |\n| --- | --- | --- | --- | --- | --- |');
  for (const { case: name, threads, adjoint, pytorch, ratio, gigabytesPerSecond } of rows) {
    const theirs = pytorch === undefined ? ['–', '–'] : [time(pytorch), (ratio as number).toFixed(2)];
    console.log(`| ${[name, threads, time(adjoint), gigabytesPerSecond.toFixed(1), ...theirs].join(' | ')} |`);
  }
}
