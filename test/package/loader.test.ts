import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { loadAddon } from '../../lib/backend/native.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const addon = readFileSync(join(root, 'build/Release/adjoint.node'));
const folder = mkdtempSync(join(tmpdir(), 'adjoint-loader-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the addon in which one string is another of the same length. */
function edited(from: string, to: string): Buffer {
  const bytes = Buffer.from(addon);
  const at = bytes.indexOf(from);
  if (at < 0) throw new Error(`the addon does not name ${from}`);
  bytes.write(to, at);
  return bytes;
}

/** Loads from a package folder of its own that holds this binary; the system remembers by path what it has opened. */
function load(name: string, binary?: Buffer | string): unknown {
  const home = join(folder, name);
  const prebuilds = join(home, `prebuilds/${process.platform}-${process.arch}`);
  mkdirSync(prebuilds, { recursive: true });
  if (binary !== undefined) writeFileSync(join(prebuilds, 'adjoint.node'), binary);
  vi.stubEnv('ADJOINT_PREBUILD', home);
  try {
    return loadAddon();
  } finally {
    vi.unstubAllEnvs();
  }
}

const glibc = /GLIBC_2\.\d\d/.exec(addon.toString('latin1'))?.[0] as string;

describe('what the loader says', () => {
  it.each([
    ['no file', undefined, `there is no binary for ${process.platform}-${process.arch}`],
    ['a text file', 'hello', 'adjoint.node is damaged or was made for another system'],
    ['a newer glibc', edited(glibc, 'GLIBC_2.99'), "its binary needs glibc 2.99, and this system's is older"],
    ['a missing library', edited('libm.so.6', 'libq.so.6'), 'libq.so.6 is missing'],
    [
      'a newer Node',
      edited('napi_create_function', 'napi_divine_function'),
      'this Node lacks napi_divine_function, which its binary uses',
    ],
  ])('%s', (name, binary, says) => {
    expect(() => load(name, binary)).toThrow(new Error(says));
  });

  it('an old Node, before the binary is opened', () => {
    const versions = vi.spyOn(process, 'versions', 'get').mockReturnValue({ ...process.versions, napi: '7' });
    expect(() => load('old node')).toThrow(new Error('Node-API 8 is needed; this Node has 7'));
    versions.mockRestore();
  });
});

describe('ADJOINT_ISA', () => {
  it('is refused where the machine has no such instruction set', async () => {
    vi.stubEnv('ADJOINT_ISA', 'avx9');
    vi.resetModules();
    await expect(import('../../lib/backend/engine.js')).rejects.toThrow(
      /^ADJOINT_ISA: must be an instruction set that this machine runs \(baseline[a-z0-9, ]*\); got 'avx9'$/,
    );
    vi.unstubAllEnvs();
  });

  it('is refused where the engine cannot be loaded', async () => {
    vi.stubEnv('ADJOINT_ISA', 'baseline');
    vi.stubEnv('ADJOINT_PREBUILD', join(folder, 'nothing here'));
    vi.resetModules();
    await expect(import('../../lib/backend/engine.js')).rejects.toThrow(
      `backend: the native engine cannot be loaded: there is no binary for ${process.platform}-${process.arch}`,
    );
    vi.unstubAllEnvs();
  });
});
