import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
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

it('removes what killed writers of the same file left behind, and nothing else', async () => {
  const own = await mkdtemp(join(folder, 'left-'));
  const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
  const abandoned = [`.a.${gone}-0123456789ab.tmp`, `.a.${process.pid}-0123456789ab.tmp`];
  // A process that runs, a thread of this one, another file, a name that is not ours.
  const others = [
    `.a.${process.ppid}-0123456789ab.tmp`,
    `.a.${process.pid}-ffffffffffff.tmp`,
    `.b.${gone}-0123456789ab.tmp`,
    `.a.${gone}-old.tmp`,
    `a.${gone}-0123456789ab.tmp`,
  ];
  for (const name of [...abandoned, ...others]) await writeFile(join(own, name), 'half');
  // Before this process began: a container that starts again gives out the same numbers.
  const before = Date.now() / 1000 - process.uptime() - 10;
  await utimes(join(own, abandoned[1]), before, before);
  await writeFileAtomic(join(own, 'a'), 'whole');
  expect((await readdir(own)).sort()).toEqual([...others, 'a'].sort());
});
