import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdjointError } from '../../lib/core/errors.js';
import { writeFileAtomic } from '../../lib/io/atomic.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-atomic-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('writes text and pieces, over an old file too', async () => {
  const path = join(folder, 'a');
  await writeFileAtomic(path, 'Grüße');
  expect(await readFile(path, 'utf8')).toBe('Grüße');
  await writeFileAtomic(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  expect(await readdir(folder)).toEqual(['a']);
});

it('leaves the old file and no temporary one when writing fails halfway', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  const failing = function* () {
    yield Uint8Array.of(1);
    throw new Error('ENOSPC: no space left on device, write');
  };
  await expect(writeFileAtomic(path, failing())).rejects.toThrow(
    new AdjointError(
      `writeFileAtomic: cannot write ${path}: ENOSPC: no space left on device; what was there before is unchanged`,
    ),
  );
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a']);
});

it('names a folder that is missing and a target that is a folder', async () => {
  const missing = join(folder, 'none', 'a');
  await expect(writeFileAtomic(missing, 'x')).rejects.toThrow(
    `writeFileAtomic: cannot write ${missing}: ENOENT: no such file or directory; what was there before is unchanged`,
  );
  const target = join(folder, 'b');
  await mkdir(target);
  await expect(writeFileAtomic(target, 'x')).rejects.toThrow(`writeFileAtomic: cannot write ${target}: EISDIR: `);
  expect(await readdir(folder)).toEqual(['a', 'b']);
});
