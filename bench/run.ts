/* npm run bench: every competitor in a process of its own, in turn, round after round, so that a noisy minute hits all. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './cases.js';
import { summary, type Timing } from './measure.js';

const help = `npm run bench -- [options]

  --rounds N    interleaved rounds; medians are of these (5)
  --seconds S   time of each case in a round (0.3)
  --threads N   1, 2, …; several with commas (1,2)
  --only TEXT   cases whose name contains it
  --json        for machines
`;
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.3' },
    threads: { type: 'string', default: '1,2' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(help);
  process.exit();
}

interface Report {
  peak?: number;
  /** PyTorch's version and the BLAS that it found. */
  version?: string;
  timings: Record<string, Timing>;
}
type Competitor = (threads: number) => Report | undefined;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const common = ['--seconds', options.seconds, '--only', options.only];

/** Debian's PyTorch is a system package of this interpreter; one of the user's own comes second. */
const python = ['/usr/bin/python3', 'python3'].find((candidate) => {
  try {
    execFileSync(candidate, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const ours =
  (backend: string, flags: string[] = []): Competitor =>
  (threads) => {
    // The fallback has one thread, and is timed beside one native thread.
    if (backend === 'reference' && threads > 1) return undefined;
    const env = { ...process.env, ADJOINT_BACKEND: backend, ADJOINT_NUM_THREADS: String(threads) };
    return spawn(process.execPath, ['--import', 'tsx', here('engine.ts'), ...flags, ...common], env);
  };

const pytorch =
  (flags: string[] = [], variables: Record<string, string> = {}): Competitor =>
  (threads) => {
    if (python === undefined) return undefined;
    // Binding keeps PyTorch's OpenMP team from collapsing when another process is busy.
    const team = { OMP_NUM_THREADS: String(threads), ...(threads > 1 && { OMP_PROC_BIND: 'true' }) };
    const args = [here('pytorch.py'), '--threads', String(threads), ...flags, ...common];
    return spawn(python, args, { ...process.env, ...team, ...variables });
  };

const spawn = (command: string, args: string[], env: NodeJS.ProcessEnv): Report =>
  JSON.parse(execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));

const competitors: Record<string, Competitor> = {
  adjoint: ours('native'),
  'adjoint, eager': ours('native', ['--eager']),
  fallback: ours('reference'),
  pytorch: pytorch(),
  'pytorch, channels last': pytorch(['--channels-last']),
  'pytorch, AVX-512 kernels': pytorch([], { ATEN_CPU_CAPABILITY: 'avx512' }),
};
const torchConfigurations = Object.keys(competitors).filter((name) => name.startsWith('pytorch'));

interface Row {
  case: string;
  threads: number;
  /** Median over the rounds' medians, and the least minimum, in milliseconds, for each competitor. */
  timings: Record<string, Timing>;
  /** PyTorch's best configuration over ours, and the fallback over ours: above 1 we are faster. */
  speedup: { pytorch?: number; eager?: number; fallback?: number };
  /** Share of the float32 peak measured in the same rounds. */
  peakShare?: number;
}

const rows: Row[] = [];
let torchVersion = 'no PyTorch';
for (const threads of options.threads.split(',').map(Number)) {
  const samples = new Map<string, number[]>();
  const keep = (key: string, value: number): void => void samples.set(key, [...(samples.get(key) ?? []), value]);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, run] of Object.entries(competitors)) {
      if (process.stderr.isTTY) process.stderr.write(`\r${threads} threads, round ${round + 1}: ${name}\x1b[K`);
      const report = run(threads);
      if (report?.peak !== undefined) keep('peak', report.peak);
      torchVersion = report?.version ?? torchVersion;
      for (const [item, { median }] of Object.entries(report?.timings ?? {})) keep(`${name}/${item}`, median);
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const peak = summary(samples.get('peak') ?? []).median;

  for (const { name, flop } of cases.filter((item) => item.name.includes(options.only))) {
    const timings: Record<string, Timing> = {};
    for (const competitor of Object.keys(competitors)) {
      const times = samples.get(`${competitor}/${name}`);
      if (times !== undefined) timings[competitor] = summary(times);
    }
    const own = timings['adjoint'].median;
    const torch = torchConfigurations.flatMap((key) => timings[key]?.median ?? []);
    rows.push({
      case: name,
      threads,
      timings,
      speedup: {
        ...(torch.length > 0 && { pytorch: Math.min(...torch) / own }),
        ...(timings['adjoint, eager'] && { eager: timings['adjoint, eager'].median / own }),
        ...(timings['fallback'] && { fallback: timings['fallback'].median / own }),
      },
      ...(flop !== undefined && peak !== undefined && { peakShare: flop / (own * 1e6) / peak }),
    });
  }
}

const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${torchVersion}`;
if (options.json) {
  console.log(JSON.stringify({ machine, date: new Date().toISOString(), rows }, null, 2));
} else {
  const ms = (timing: Timing | undefined): string =>
    timing === undefined
      ? '–'
      : timing.median < 0.01
        ? `${(timing.median * 1e6).toFixed(0)} ns`
        : `${timing.median.toPrecision(3)} ms`;
  const ratio = (x: number | undefined): string => (x === undefined ? '–' : `${x.toPrecision(3)} ×`);
  const torch = ({ timings }: Row): Timing | undefined =>
    torchConfigurations.flatMap((key) => timings[key] ?? []).sort((a, b) => a.median - b.median)[0];
  console.log(`${machine}; medians of ${options.rounds} interleaved rounds\n`);
  console.log(
    '| case | threads | adjoint | share of peak | eager | PyTorch | PyTorch ÷ ours | fallback | fallback ÷ ours |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of rows) {
    const share = row.peakShare === undefined ? '–' : `${(100 * row.peakShare).toFixed(0)} %`;
    const cells = [
      row.case,
      row.threads,
      ms(row.timings['adjoint']),
      share,
      ms(row.timings['adjoint, eager']),
      ms(torch(row)),
      ratio(row.speedup.pytorch),
    ];
    console.log(`| ${[...cells, ms(row.timings['fallback']), ratio(row.speedup.fallback)].join(' | ')} |`);
  }
}
