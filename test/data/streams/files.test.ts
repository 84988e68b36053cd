import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNpy, encodeSafetensors } from 'adjoint/io';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../programs.js';

const rows = 4096;
const width = 16_384;
const folder = mkdtempSync(join(tmpdir(), 'adjoint-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that has a header and zeros, of which the disk keeps nothing, but for two ones. */
async function sparse(name: string, header: Uint8Array): Promise<void> {
  const file = await open(join(folder, name), 'w');
  await file.write(header);
  await file.truncate(header.length + rows * width);
  for (const at of [5, rows * width - 1]) await file.write(Uint8Array.of(1), 0, 1, header.length + at);
  await file.close();
}

/** Header of a format, made by its writer for one row and told of all. */
beforeAll(async () => {
  const one = { dtype: 'uint8', shape: [1, width], data: new Uint8Array(width) } as const;
  const npy = Buffer.from(encodeNpy(one)).subarray(0, 128).toString('latin1');
  // Spaces behind the dictionary make room for the digits.
  const room = ' '.repeat(String(rows).length - 1);
  await sparse('x.npy', Buffer.from(npy.replace(`(1, ${width}), }${room}`, `(${rows}, ${width}), }`), 'latin1'));
  const idx = Buffer.from([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  idx.writeUInt32BE(rows, 4);
  idx.writeUInt32BE(width, 8);
  await sparse('x.idx', idx);
  const tensors = encodeSafetensors(new Map([['x', one]]));
  const json = Buffer.from(tensors.subarray(8, tensors.length - width)).toString();
  const all = Buffer.from(
    json.replace(`[1,${width}]`, `[${rows},${width}]`).replace(`[0,${width}]`, `[0,${rows * width}]`),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(all.length));
  await sparse('x.safetensors', Buffer.concat([length, all]));
  const csv = await open(join(folder, 'x.csv'), 'w');
  await csv.write('a,b,remark\n');
  for (let i = 0; i < 40; i++) await csv.write(`1,0.5,${'x'.repeat(1000)}\n`.repeat(1000));
  await csv.close();
});

it('files larger than the heap are read in little memory', () => {
  const printed = runProgram('test/programs/stream_files.ts', { flags: ['--max-old-space-size=32'], args: [folder] });
  const growth = Number(/growth (\d+)/.exec(printed)?.[1]);
  expect(printed.replace(/growth .*\n/, '')).toBe(
    `npy ${rows} 2\nidx ${rows} 2\nsafetensors ${rows} 2\ncsv 40000 60000\n`,
  );
  // Three files of 64 MB and one of 40 MB.
  expect(growth).toBeGreaterThan(0);
  expect(growth).toBeLessThan(6e7);
});
