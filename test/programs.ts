import { execFileSync, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface ProgramOptions {
  flags?: string[];
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** A shell's command for the process before the program begins, such as `ulimit -f 100`. */
  before?: string;
}

function command(path: string, { flags = [], args = [], before }: ProgramOptions): [file: string, args: string[]] {
  const node = [...flags, '--import', import.meta.resolve('tsx'), `${root}${path}`, ...args];
  if (before === undefined) return [process.execPath, node];
  return ['sh', ['-c', `${before} && exec "$@"`, 'sh', process.execPath, ...node]];
}

const surroundings = ({ env = {}, cwd = root }: ProgramOptions) => ({
  cwd,
  env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json`, ...env },
});

/** Runs a TypeScript program of test/programs or examples in a process of its own; returns what it printed. */
export function runProgram(path: string, options: ProgramOptions = {}): string {
  return execFileSync(...command(path, options), {
    ...surroundings(options),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** How a program ended, and all that it printed. */
export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts such a program, to send it signals or to see it fail. */
export function startProgram(
  path: string,
  options: ProgramOptions = {},
): { kill: (signal: NodeJS.Signals) => void; ended: Promise<Ending> } {
  const child = spawn(...command(path, options), {
    ...surroundings(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout,
    stderr,
  }));
  return { kill: (signal) => child.kill(signal), ended };
}
