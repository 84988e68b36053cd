import { execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
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

/** A program that runs: to send it signals, to wait for what it prints, or to see it fail. */
export interface Running {
  kill: (signal: NodeJS.Signals) => void;
  /** What it has printed, once that contains `text`; rejected if it ends without. */
  printed: (text: string) => Promise<string>;
  ended: Promise<Ending>;
}

export function startProgram(path: string, options: ProgramOptions = {}): Running {
  const child = spawn(...command(path, options), {
    ...surroundings(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const heard = new EventEmitter();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    heard.emit('stdout');
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const printed = async (text: string): Promise<string> => {
    while (!stdout.includes(text)) {
      const more = once(heard, 'stdout').then(() => true);
      if (!(await Promise.race([more, ended.then(() => false)])))
        throw new Error(`it never printed ${text}:\n${stderr}`);
    }
    return stdout;
  };
  return { kill: (signal) => child.kill(signal), printed, ended };
}
