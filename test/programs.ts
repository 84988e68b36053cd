import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a TypeScript program of test/programs or examples in a process of its own; returns what it printed. */
export function runProgram(
  path: string,
  options: { flags?: string[]; args?: string[]; env?: Record<string, string>; cwd?: string } = {},
): string {
  const { flags = [], args = [], env = {}, cwd = root } = options;
  return execFileSync(process.execPath, [...flags, '--import', import.meta.resolve('tsx'), `${root}${path}`, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
