import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cifar10Classes, decodeCifar10, readCifar10 } from 'adjoint/data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FormatError } from '../../../lib/core/errors.js';
import { message } from '../../message.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-cifar-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Records with labels as given; pixel i of record r is (r + i) mod 256. */
const file = (...labels: number[]): Uint8Array =>
  Uint8Array.from(labels.flatMap((label, r) => [label, ...Array.from({ length: 3072 }, (_, i) => (r + i) % 256)]));

it('decodeCifar10 reads labels and planes', () => {
  for (const bytes of [file(3, 9), gzipSync(file(3, 9))]) {
    const { images, labels } = decodeCifar10(bytes);
    expect([images.dtype, images.shape, labels.dtype, labels.toArray()]).toEqual([
      'uint8',
      [2, 3, 32, 32],
      'int32',
      [3, 9],
    ]);
    const data = images.data();
    expect([data[0], data[1024 + 5], data[3072 + 2048]]).toEqual([0, (1024 + 5) % 256, (1 + 2048) % 256]);
  }
  expect(cifar10Classes[9]).toBe('truck');
});

it('decodeCifar10 refuses other files', () => {
  const says = (bytes: Uint8Array) => message(() => decodeCifar10(bytes, 'x.bin'));
  const wanted = 'FormatError cifar10: x.bin: a file must have 1 … 60000 records of 3073 bytes; got';
  expect(says(new Uint8Array(0))).toBe(`${wanted} 0 bytes`);
  expect(says(file(1).subarray(1))).toBe(`${wanted} 3072 bytes`);
  expect(says(file(1, 10))).toBe('FormatError cifar10: x.bin: labels must be 0 … 9; label 1 is 10');
  expect(says(gzipSync(file(1)).subarray(0, 60))).toBe(
    'FormatError cifar10: x.bin: the gzip data is broken: unexpected end of file',
  );
  expect(says(gzipSync(new Uint8Array(60_001 * 3073)))).toBe(
    'FormatError cifar10: x.bin: the gzip data is broken: it inflates to more than 184380000 bytes',
  );
});

it('readCifar10 reads the files of a folder, plain or gzip', async () => {
  for (let i = 1; i <= 5; i++) {
    const name = `data_batch_${i}.bin`;
    if (i === 2) await writeFile(join(folder, `${name}.gz`), gzipSync(file(i, 0)));
    else await writeFile(join(folder, name), file(i, 0));
  }
  await expect(readCifar10(folder)).rejects.toThrow(
    new FormatError(`readCifar10: ${folder} has neither test_batch.bin nor test_batch.bin.gz`),
  );
  await writeFile(join(folder, 'test_batch.bin'), file(7));
  const { train, test } = await readCifar10(folder);
  expect([train.labels.toArray(), test.labels.toArray()]).toEqual([[1, 0, 2, 0, 3, 0, 4, 0, 5, 0], [7]]);
  expect(train.images.shape).toEqual([10, 3, 32, 32]);
  const part = await readCifar10(folder, { train: ['data_batch_3.bin'], test: ['data_batch_2.bin'] });
  expect([part.train.labels.toArray(), part.test.labels.toArray()]).toEqual([
    [3, 0],
    [2, 0],
  ]);
});
