import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tensor, tensor } from 'adjoint';
import { decodeImage, encodeImage, encodePng, readImage, writeImage } from 'adjoint/io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DTypeError, FormatError, ShapeError, ValueError } from '../../lib/core/errors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-images-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = (shape: readonly [number, number, number], values: number[]): Tensor<any, 'uint8'> =>
  tensor(Uint8Array.from(values), { shape });
/** Two rows of three pixels. */
const rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 100, 50, 255, 255, 255];
const png = encodePng({ width: 3, height: 2, channels: 3, data: Uint8Array.from(rgb) });

describe('decodeImage', () => {
  it('gives bytes as they lie in the file, or planes of numbers', async () => {
    const hwc = await decodeImage(png, { layout: 'hwc' });
    expect([hwc.dtype, hwc.shape, [...hwc.data()]]).toEqual(['uint8', [2, 3, 3], rgb]);
    const chw = await decodeImage(png);
    expect([chw.dtype, chw.shape]).toEqual(['float32', [3, 2, 3]]);
    expect(chw.toArray()).toEqual(
      [0, 1, 2].map((c) => [0, 1].map((y) => [0, 1, 2].map((x) => Math.fround(rgb[(3 * y + x) * 3 + c] / 255)))),
    );
  });

  it('converts channels', async () => {
    const grey = await decodeImage(png, { channels: 1, layout: 'hwc' });
    expect(grey.shape).toEqual([2, 3, 1]);
    const luma = (i: number) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
    expect([...grey.data()]).toEqual([0, 1, 2, 3, 4, 5].map((i) => Math.round(luma(i))));
    const alpha = await decodeImage(png, { channels: 4, layout: 'hwc' });
    expect([...alpha.data()].slice(0, 8)).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
    const one = encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 250) });
    expect([...(await decodeImage(one, { layout: 'hwc' })).data()]).toEqual([7, 7, 7, 250, 250, 250]);
    expect([...(await decodeImage(one, { channels: 1, layout: 'hwc' })).data()]).toEqual([7, 250]);
    const clear = encodePng({ width: 1, height: 1, channels: 4, data: Uint8Array.of(9, 8, 7, 0) });
    expect([...(await decodeImage(clear, { layout: 'hwc' })).data()]).toEqual([9, 8, 7]);
    expect([...(await decodeImage(clear, { channels: 4, layout: 'hwc' })).data()]).toEqual([9, 8, 7, 0]);
  });

  it('resizes', async () => {
    const shapes = await Promise.all(
      ([[4, 5], 4, 1] as const).map(async (size) => (await decodeImage(png, { size })).shape),
    );
    expect(shapes).toEqual([
      [3, 4, 5],
      [3, 4, 6],
      [3, 1, 1],
    ]);
    // The mean of a picture that shrinks to a point is that of its pixels.
    const checks = Uint8Array.from({ length: 64 }, (_, i) => ((i + (i >> 3)) % 2) * 200);
    const board = encodePng({ width: 8, height: 8, channels: 1, data: checks });
    const point = await decodeImage(board, { channels: 1, size: [1, 1], layout: 'hwc' });
    expect(Math.abs(point.item() - 100)).toBeLessThanOrEqual(1);
  });

  const refused = (data: Uint8Array, options = {}): Promise<string> =>
    decodeImage(data, options, 'a.png').then(
      () => 'no error',
      (error: Error) => `${error.name} ${error.message}`,
    );
  it('refuses what is no picture', async () => {
    const none = 'FormatError image: a.png: a picture must be PNG, JPEG, GIF or WebP; it begins as none of them';
    expect(await refused(new Uint8Array(0))).toBe(none);
    expect(await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(none);
    expect(await refused(png.subarray(0, 60))).toMatch(/^FormatError image: a.png: it cannot be decoded: /);
    const damaged = Uint8Array.from(png);
    damaged[50] ^= 255;
    expect(await refused(damaged)).toMatch(/^FormatError image: a.png: it cannot be decoded: /);
  });

  it('refuses a bomb before it is decoded', async () => {
    const bomb = encodePng({ width: 30_000, height: 3000, channels: 1, data: new Uint8Array(9e7) });
    expect(bomb.length).toBeLessThan(1e5);
    const before = process.memoryUsage.rss();
    expect(await refused(bomb)).toBe(
      'FormatError image: a.png: a picture must have at most 67108864 pixels; it has 30000 · 3000; raise maxPixels if it is to be trusted',
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(5e7);
    expect(await refused(png, { maxPixels: 5 })).toBe(
      'FormatError image: a.png: a picture must have at most 5 pixels; it has 3 · 2; raise maxPixels if it is to be trusted',
    );
  });

  it('refuses options that make no sense', async () => {
    expect(await refused(png, { channels: 2 })).toBe(
      "ValueError decodeImage: channels must be '1', '3' or '4'; got '2'",
    );
    expect(await refused(png, { size: [0, 2] })).toBe('ValueError decodeImage: size must be a whole number ≥ 1; got 0');
    expect(await refused(png, { layout: 'cwh' })).toBe(
      "ValueError decodeImage: layout must be 'chw' or 'hwc'; got 'cwh'",
    );
  });
});

describe('writeImage', () => {
  it.each(['png', 'webp', 'jpg'])('writes what readImage reads: %s', async (ending) => {
    const path = join(folder, `x.${ending}`);
    const smooth = Uint8Array.from({ length: 32 * 24 * 3 }, (_, i) => 40 + ((i / 3) % 32) * 3 + Math.floor(i / 96) * 4);
    await writeImage(path, tensor(smooth, { shape: [24, 32, 3] }), { quality: 100 });
    const back = await readImage(path, { layout: 'hwc' });
    expect(back.shape).toEqual([24, 32, 3]);
    const off = Math.max(...[...back.data()].map((value, i) => Math.abs(value - smooth[i])));
    expect(off).toBeLessThanOrEqual(ending === 'png' ? 0 : 6);
  });

  it('rounds and clips numbers', async () => {
    const path = join(folder, 'f.png');
    await writeImage(path, tensor([[[-1, 0, 0.5, 1, 7]]]));
    const back = await readImage(path, { channels: 1, layout: 'hwc' });
    expect([back.shape, [...back.data()]]).toEqual([
      [1, 5, 1],
      [0, 0, 128, 255, 255],
    ]);
    const x = await readImage(path, { channels: 4 });
    await writeImage(path, x);
    expect((await readImage(path, { channels: 4 })).toArray()).toEqual(x.toArray());
  });

  it('refuses what is no picture', async () => {
    await expect(writeImage('x.bmp', bytes([1, 1, 3], [1, 2, 3]))).rejects.toThrow(
      new ValueError('writeImage: a path must end in .png, .jpg, .jpeg or .webp; got x.bmp'),
    );
    await expect(encodeImage(bytes([1, 1, 2], [1, 2]), 'png')).rejects.toThrow(
      new ShapeError('encodeImage: a picture must be [height, width, 1, 3 or 4] of uint8; got [1, 1, 2]'),
    );
    await expect(encodeImage(tensor([[1, 2]]), 'png')).rejects.toThrow(
      new ShapeError('encodeImage: a picture must be [1, 3 or 4, height, width] of floating point; got [1, 2]'),
    );
    await expect(encodeImage(tensor(Int32Array.of(1)) as never, 'png')).rejects.toThrow(
      new DTypeError('encodeImage: a picture must be uint8, float32 or float64; got int32'),
    );
    await expect(encodeImage(bytes([1, 1, 1], [1]), 'jpeg', { quality: 0 })).rejects.toThrow(
      new ValueError('encodeImage: quality must be a whole number within 1 … 100; got 0'),
    );
  });
});

it('readImage names the file that is missing or damaged', async () => {
  const path = join(folder, 'none.png');
  await expect(readImage(path)).rejects.toThrow(new FormatError(`readImage: no file ${path}; check the path`));
  await writeFile(path, 'hello');
  await expect(readImage(path)).rejects.toThrow(
    new FormatError(`image: ${path}: a picture must be PNG, JPEG, GIF or WebP; it begins as none of them`),
  );
  expect((await readFile(path)).length).toBe(5);
});
