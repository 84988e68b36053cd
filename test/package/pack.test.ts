import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * What a user gets: the packed package, installed without scripts into an empty folder on a machine without compilers.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const home = mkdtempSync(join(tmpdir(), 'adjoint-pack-'));
const installed = join(home, 'node_modules/adjoint');
const binaries = join(installed, 'prebuilds', platform);
afterAll(() => rmSync(home, { recursive: true }));

function npm(folder: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** When a file or folder changed last; 0 if there is none. */
const changed = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs a program of this folder with an environment that has neither our variables nor a PATH with compilers. */
function run(program: string): { result: any; warnings: string[] } {
  const run = spawnSync(process.execPath, [program], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: join(home, 'bin') },
  });
  expect(run.status, run.stderr).toBe(0);
  return {
    result: JSON.parse(run.stdout),
    warnings: run.stderr.split('\n').filter((line) => line.includes('Warning')),
  };
}

beforeAll(() => {
  if (changed(join(root, 'prebuilds', platform)) <= changed(join(root, 'build/Release/adjoint.node'))) {
    npm(root, 'run', 'prebuild');
  }
  npm(root, 'run', 'build:ts');
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', home));
  writeFileSync(join(home, 'package.json'), '{ "name": "user", "private": true }');
  npm(home, 'install', '--ignore-scripts', '--prefer-offline', basename(filename));
  mkdirSync(join(home, 'bin'));
  symlinkSync(process.execPath, join(home, 'bin/node'));
  for (const program of ['train.mjs', 'job.mjs'])
    copyFileSync(join(root, 'test/package', program), join(home, program));
}, 300_000);

describe('the installed package', () => {
  it('holds code and binaries and nothing else', () => {
    expect(readdirSync(installed).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
      'prebuilds',
    ]);
    const scripts = JSON.parse(npm(installed, 'pkg', 'get', 'scripts')) as Record<string, string>;
    for (const hook of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(hook);
  });

  it("needs no library but the system's own", () => {
    const [binary] = readdirSync(binaries);
    const dynamic = execFileSync('readelf', ['-d', join(binaries, binary)], { encoding: 'utf8' });
    const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);
    expect(needed.filter((name) => !/^(libc|libm|libpthread|libdl|ld-linux-.*)\.so/.test(name))).toEqual([]);
    expect(dynamic).toMatch(/FLAGS_1.*NODELETE/);
  });

  it('trains on the native engine', () => {
    const { result, warnings } = run('train.mjs');
    expect(result.name).toBe('native');
    expect(result.reason).toBeUndefined();
    expect(result.weight).toBeCloseTo(2, 4);
    expect(warnings).toEqual([]);
  });

  it('trains in a worker thread', () => {
    const { result, warnings } = run('job.mjs');
    expect(result).toMatchObject({ epochs: 50, step: 50 });
    expect(result.weight).toBeCloseTo(2, 4);
    expect(warnings).toEqual([]);
  });

  it('trains without its binary, and says why, once', () => {
    rmSync(binaries, { recursive: true });
    const { result, warnings } = run('train.mjs');
    expect(result.name).toBe('reference');
    expect(result.reason).toBe(`there is no binary for ${platform}`);
    expect(result.weight).toBeCloseTo(2, 4);
    expect(warnings).toEqual([
      expect.stringMatching(/adjoint runs on its pure-TypeScript backend, .* because .*: there is no binary for/),
    ]);
  });
});
