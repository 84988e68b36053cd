import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { tensor, ValueError } from 'adjoint';
import { EventWriter, encodePng } from 'adjoint/io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graph } from '../../lib/autodiff/graph.js';
import { crc32, crc32c } from '../../lib/io/crc.js';
import { readEvents } from '../tfevents.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What another reader finds of what `write` wrote. */
function written(write: (events: EventWriter) => void, options?: { resume?: number }) {
  const events = new EventWriter(folder, options);
  write(events);
  events.close();
  const [first, ...rest] = readEvents(readFileSync(events.path));
  expect(first).toMatchObject({ fileVersion: 'brain.Event:2' });
  expect(Math.abs(first.wallTime - Date.now() / 1000)).toBeLessThan(60);
  return rest;
}

describe('checks', () => {
  it('are those of the standards', () => {
    const digits = Buffer.from('123456789');
    expect(crc32(digits)).toBe(0xcbf43926);
    // RFC 3720, B.4: 32 bytes of zeros, of ones, and rising.
    expect(crc32c(digits)).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });
});

describe('EventWriter', () => {
  it('writes scalars', () => {
    const events = written((events) => {
      events.scalar('train/loss', 0.25, 1);
      events.scalar('Größe', -1e30, 2 ** 40);
      events.scalar('nan', NaN, 3);
    });
    expect(events.map(({ step }) => step)).toEqual([1, 2 ** 40, 3]);
    expect(events.map(({ summary }) => summary?.value[0].tag)).toEqual(['train/loss', 'Größe', 'nan']);
    expect(events.map(({ summary }) => summary?.value[0].simpleValue)).toEqual([0.25, Math.fround(-1e30), NaN]);
  });

  it('writes histograms, of finite values', () => {
    const [one, same, none] = written((events) => {
      events.histogram('x', [1, 2, 3, 4, 5, NaN, Infinity], 5, 4);
      events.histogram('x', Float32Array.of(2, 2), 6);
      events.histogram('x', [], 7);
    }).map(({ summary }) => summary?.value[0].histo);
    expect(one).toEqual({
      min: 1,
      max: 5,
      num: 5,
      sum: 15,
      sumSquares: 55,
      bucketLimit: [2, 3, 4, 5],
      bucket: [1, 1, 1, 2],
    });
    expect(same).toMatchObject({ min: 2, max: 2, num: 2, bucketLimit: [2], bucket: [2] });
    // The third version of protocol buffers has no zeros.
    expect(none).toEqual({ bucketLimit: [0], bucket: [0] });
  });

  it('writes pictures', () => {
    const data = Uint8Array.of(0, 128, 255, 1, 2, 3);
    const [event] = written((events) => events.image('x', { width: 2, height: 1, channels: 3, data }, 1));
    const image = event.summary?.value[0].image;
    expect(image).toMatchObject({ height: 1, width: 2, colorspace: 3 });
    expect(image?.encodedImageString.equals(encodePng({ width: 2, height: 1, channels: 3, data }))).toBe(true);
  });

  it('writes a graph', () => {
    const w = tensor([[1, 2]]).requireGrad();
    const drawn = graph(() => w.mul(2).sum(), { names: { 'the weight': w } });
    const [event] = written((events) => events.graph(drawn));
    expect(event.graphDef?.node.map(({ name, op, input }) => ({ name, op, input }))).toEqual([
      { name: 'the_weight', op: 'leaf', input: [] },
      { name: expect.any(String), op: 'constant', input: [] },
      { name: 'v1', op: 'mul', input: ['the_weight', expect.any(String)] },
      { name: 'v2', op: 'sum', input: ['v1'] },
    ]);
    expect(event.graphDef?.node[0].attr._output_shapes.list.shape[0].dim).toEqual([{ size: 1 }, { size: 2 }]);
  });

  it('says where a run goes on, in a file of its own', () => {
    written((events) => events.scalar('x', 1, 1));
    const [start, event] = written((events) => events.scalar('x', 1, 8), { resume: 8 });
    expect(start).toMatchObject({ step: 8, sessionLog: { status: 1 } });
    expect(event.step).toBe(8);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('refuses what has no name or no place', () => {
    const events = new EventWriter(folder);
    expect(() => events.scalar('', 1, 1)).toThrow(new ValueError('EventWriter: a tag must have a name; got none'));
    expect(() => events.scalar('x', 1, -1)).toThrow(
      new ValueError('EventWriter: step must be a whole number ≥ 0; got -1'),
    );
    expect(() => events.histogram('x', [1], 1, 0)).toThrow(
      new ValueError('EventWriter.histogram: bins must be a whole number ≥ 1; got 0'),
    );
    events.close();
    expect(() => new EventWriter(folder, { resume: 0.5 })).toThrow(
      new ValueError('EventWriter: resume must be a whole number ≥ 0; got 0.5'),
    );
  });
});

describe('encodePng', () => {
  it('writes rows that another reader inflates, of every kind', () => {
    for (const channels of [1, 2, 3, 4] as const) {
      const data = Uint8Array.from({ length: 3 * 2 * channels }, (_, i) => 40 * i);
      const png = Buffer.from(encodePng({ width: 3, height: 2, channels, data }));
      expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      const chunks: { type: string; content: Buffer }[] = [];
      for (let at = 8; at < png.length; ) {
        const length = png.readUInt32BE(at);
        const body = png.subarray(at + 4, at + 8 + length);
        expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
        chunks.push({ type: body.subarray(0, 4).toString('latin1'), content: body.subarray(4) });
        at += 12 + length;
      }
      expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
      expect([...chunks[0].content]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, [0, 4, 2, 6][channels - 1], 0, 0, 0]);
      const rows = inflateSync(chunks[1].content);
      const row = 3 * channels;
      expect([...rows]).toEqual([0, ...data.subarray(0, row), 0, ...data.subarray(row)]);
    }
  });

  it('refuses what is no picture', () => {
    const refuses = (pixels: object, says: string) =>
      expect(() =>
        encodePng({ width: 28, height: 28, channels: 1, data: new Uint8Array(784), ...pixels } as never),
      ).toThrow(new ValueError(`encodePng: ${says}`));
    refuses({ data: new Uint8Array(783) }, 'data must hold 28 · 28 · 1 bytes; got 783');
    refuses({ width: 0 }, 'width must be a whole number ≥ 1; got 0');
    refuses({ height: 1.5 }, 'height must be a whole number ≥ 1; got 1.5');
    refuses({ channels: 5 }, 'channels must be 1, 2, 3 or 4; got 5');
  });
});
