import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case, Command, Competitor, Mode } from './group.js';

/* Who is measured, and how each is started. */

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const typescript = (path: string, ...args: string[]): Pick<Command, 'file' | 'args'> => ({
  file: process.execPath,
  args: ['--import', 'tsx', here(path), ...args],
});

const engine = (backend: 'native' | 'reference', mode: Mode, threads: number): Command => ({
  ...typescript('engine.ts', '--mode', mode),
  env: { ADJOINT_BACKEND: backend, ADJOINT_NUM_THREADS: String(threads) },
});

/** Our engine; `threads` holds it to so many whatever the others have. */
export const adjoint = (name: string, mode: Mode, rest: { own?: boolean; threads?: number } = {}): Competitor => ({
  name,
  family: name,
  ...(rest.own !== undefined && { own: rest.own }),
  command: (threads) => engine('native', mode, rest.threads ?? threads),
});

/** Our engine in TypeScript, of one thread. */
export const fallback: Competitor = {
  name: 'fallback',
  family: 'fallback',
  command: (threads) => (threads > 1 ? 'has one thread' : engine('reference', 'eager', 1)),
};

/** An OpenMP team. Bound, because an unbound one collapses when another process is busy. */
const team = (threads: number): Record<string, string> => ({
  OMP_NUM_THREADS: String(threads),
  ...(threads > 1 && { OMP_PROC_BIND: 'true' }),
});

/** Whether a file that is made of sources is there and younger than they are. */
const isMade = (file: string, ...sources: string[]): boolean =>
  existsSync(file) && sources.every((source) => statSync(source).mtimeMs < statSync(file).mtimeMs);

/** Compiles bench/peers/NAME.cc into build/bench/NAME where that is older; returns the reason where it cannot. */
function compiled(name: string, ...flags: string[]): { file: string } | string {
  const source = here(`peers/${name}.cc`);
  const file = here(`../build/bench/${name}`);
  if (isMade(file, source, here('peers/serve.h'))) return { file };
  mkdirSync(here('../build/bench'), { recursive: true });
  const options = ['-std=c++17', '-O3', '-march=native', '-fopenmp', source, '-o', file, ...flags];
  try {
    execFileSync('g++', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error).trim();
    return /No such file or directory/.test(said) ? 'its headers, or g++, are not installed' : said.split('\n')[0];
  }
  return { file };
}

const program = (name: string, flags: string[], args: string[], env: Record<string, string>): Command | string => {
  const built = compiled(name, ...flags);
  return typeof built === 'string' ? built : { ...built, args, env };
};

/** Cases whose words do not match have no part. */
const matching =
  (pattern: RegExp) =>
  ({ ask }: Case): string | undefined =>
    pattern.test(ask) ? ask : undefined;

const blas = (name: string, family: string, library: string, env: Record<string, string> = {}): Competitor => ({
  name,
  family,
  command: (threads) => program('blas', ['-ldl'], [library, String(threads)], { ...team(threads), ...env }),
  ask: matching(/^gemm float(32|64) /),
});

export const oneDnn: Competitor = {
  name: 'oneDNN',
  family: 'oneDNN',
  command: (threads) => program('onednn', ['-ldnnl'], [], team(threads)),
  ask: matching(/^(conv|winograd|gemm (float32|bfloat16)) /),
};

export const productLibraries: readonly Competitor[] = [
  blas('OpenBLAS', 'OpenBLAS', 'libopenblas.so.0'),
  blas('OpenBLAS, Haswell kernels', 'OpenBLAS', 'libopenblas.so.0', { OPENBLAS_CORETYPE: 'Haswell' }),
  blas('BLIS', 'BLIS', 'libblis.so.4'),
  oneDnn,
];

/** Answers with what the memory gives: see bench/peers/bandwidth.cc. */
export const bandwidth: Competitor = {
  name: 'bandwidth',
  family: 'bandwidth',
  command: (threads) => program('bandwidth', [], [String(threads)], team(threads)),
};

let found: string | undefined | null = null;

/** Debian's PyTorch is a system package of this interpreter; one of the user's own comes second. */
function python(): string | undefined {
  if (found !== null) return found;
  found = ['/usr/bin/python3', 'python3'].find((candidate) => {
    try {
      execFileSync(candidate, ['-c', 'import torch'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  return found;
}

const torch = (
  name: string,
  env: Record<string, string> = {},
  rest: Partial<Pick<Competitor, 'ask' | 'factor'>> = {},
): Competitor => ({
  name,
  family: 'PyTorch',
  command: (threads) => {
    const file = python();
    if (file === undefined) return 'PyTorch is not installed for /usr/bin/python3 or python3';
    const args = [here('peers/pytorch.py'), '--threads', String(threads)];
    return { file, args, env: { ...team(threads), BLIS_NUM_THREADS: String(threads), ...env } };
  },
  ...rest,
});

/** Its BLAS is what the loader finds: BLIS's is in a folder of its own. */
const withBlis = { LD_LIBRARY_PATH: '/usr/lib/x86_64-linux-gnu/blis-openmp' };
const wide = { ATEN_CPU_CAPABILITY: 'avx512' };

export const torches: readonly Competitor[] = [torch('PyTorch'), torch('PyTorch, AVX-512 kernels', wide)];

/**
 * The best PyTorch of all (2.13 with MKL and oneDNN 3.12) over Debian's 1.13, where both were measured on one Zen 4, on
 * one thread and on two. Others: 1.
 */
const newerTorch: Readonly<Record<string, readonly [number, number]>> = {
  'training mlp float32': [0.74, 0.71],
  'training lstm float32': [0.82, 0.67],
  'training lstm bfloat16': [0.66, 0.51],
  'inference lstm float32': [0.72, 0.61],
};

/** Others choose their way of convolution themselves. */
const anyWay = (ask: string): string => ask.replace('-winograd', '');

const asked = (precision: string) => ({
  ask: ({ ask }: Case) => anyWay(ask).replace(/(float32|bfloat16)$/, precision),
  factor: ({ ask }: Case, threads: number) =>
    newerTorch[ask.replace(/(float32|bfloat16)$/, precision)]?.[Math.min(threads, 2) - 1] ?? 1,
});

/** Every configuration of it that is the fastest at one of the networks; of bfloat16's cases both precisions count. */
export const networkTorches: readonly Competitor[] = [
  torch('PyTorch', {}, asked('float32')),
  torch('PyTorch, Haswell kernels', { OPENBLAS_CORETYPE: 'Haswell' }, asked('float32')),
  torch('PyTorch with BLIS', withBlis, asked('float32')),
  torch('PyTorch, AVX-512 kernels', wide, asked('float32')),
  torch('PyTorch, bfloat16', {}, { ...asked('bfloat16'), ask: matching(/ bfloat16$/) }),
];

/** @param folder  where `npm install onnxruntime-node` was run */
export const onnxruntime = (folder: string | undefined): Competitor => ({
  name: 'onnxruntime',
  family: 'onnxruntime',
  command: (threads) => {
    if (folder === undefined) return 'say --onnxruntime FOLDER, where it is installed';
    const models = here('../build/bench/onnx');
    if (!isMade(`${models}/mlp.onnx`, here('peers/pytorch_work.py'))) {
      const file = python();
      if (file === undefined) return 'PyTorch, which writes its models, is not installed';
      mkdirSync(models, { recursive: true });
      execFileSync(file, ['-W', 'ignore', here('peers/pytorch.py'), '--export', models], { stdio: 'ignore' });
    }
    return typescript('peers/onnxruntime.ts', folder, models, String(threads));
  },
  ask: (item) => matching(/^inference .* float32$/)({ ...item, ask: anyWay(item.ask) }),
});

/** @param folder  where `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm` was run */
export const tensorflow = (folder: string | undefined): readonly Competitor[] =>
  ['cpu', 'wasm'].map((kind) => ({
    name: `tfjs, ${kind}`,
    family: `tfjs, ${kind}`,
    command: () =>
      folder === undefined ? 'say --tfjs FOLDER, where it is installed' : typescript('peers/tfjs.ts', folder, kind),
  }));
