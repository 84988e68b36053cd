import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncDataLoader, ImageFolder } from 'adjoint/data';
import { encodePng } from 'adjoint/io';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FormatError, ValueError } from '../../../lib/core/errors.js';

let folder: string;
const grey = (value: number) => encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(value, 0) });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-folder-'));
  for (const [name, value] of Object.entries({ 'b/2.png': 20, 'b/10.PNG': 10, 'a/x.png': 30, '.hidden/y.png': 1 })) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), grey(value));
  }
  await writeFile(join(folder, 'a', 'notes.txt'), 'not a picture');
  await writeFile(join(folder, 'b', '.3.png'), 'hidden');
  await mkdir(join(folder, 'c'));
});
afterAll(() => rm(folder, { recursive: true }));

it('finds the pictures of each class, in the order of names', async () => {
  const pictures = new ImageFolder(folder, { layout: 'hwc', channels: 1 });
  expect(pictures.classes).toEqual(['a', 'b', 'c']);
  expect(pictures.files).toEqual([
    { path: join(folder, 'a', 'x.png'), label: 0 },
    { path: join(folder, 'b', '10.PNG'), label: 1 },
    { path: join(folder, 'b', '2.png'), label: 1 },
  ]);
  const [x, y] = await pictures.get(1);
  expect([x.toArray(), y.item(), y.dtype]).toEqual([[[[10], [0]]], 1, 'int32']);
});

it('gives a loader its batches, transformed', async () => {
  const pictures = new ImageFolder(folder, { channels: 1, transform: (x, i) => x.mul(255).add(i) });
  const loader = new AsyncDataLoader(pictures, { batchSize: 2 });
  const batches: unknown[] = [];
  for await (const [x, y] of loader) batches.push([x.shape, x.toArray().flat(3), y.toArray()]);
  expect(loader.length).toBe(2);
  expect(batches).toEqual([
    [
      [2, 1, 1, 2],
      [30, 0, 11, 1],
      [0, 1],
    ],
    [[1, 1, 1, 2], [22, 2], [1]],
  ]);
});

it('refuses a folder without pictures, and an index that is none', async () => {
  expect(() => new ImageFolder(join(folder, 'a'))).toThrow(
    new FormatError(
      `ImageFolder: ${join(folder, 'a')} must hold a folder of pictures (.png, .jpg, .jpeg, .gif, .webp) for each class; it has none`,
    ),
  );
  expect(() => new ImageFolder(join(folder, 'none'))).toThrow(
    new FormatError(`ImageFolder: cannot read the folder ${join(folder, 'none')}: ENOENT: no such file or directory`),
  );
  await expect(new ImageFolder(folder).get(3)).rejects.toThrow(
    new ValueError('ImageFolder.get: index must be a whole number from 0 to 2; got 3'),
  );
});
