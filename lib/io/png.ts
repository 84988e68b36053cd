import { deflateSync } from 'node:zlib';
import { checkObject, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { crc32 } from './crc.js';

/** Pixels row by row, each of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA) bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** By channels. */
const colourTypes = [0, 4, 2, 6];

/**
 * A picture as a PNG file of 8 bits a channel.
 *
 * @throws ValueError "encodePng: data must hold 28 · 28 · 1 bytes; got 783"
 * @source ISO/IEC 15948, W3C PNG
 */
export function encodePng(pixels: Pixels): Uint8Array {
  checkObject('encodePng', 'the picture', pixels, ['width', 'height', 'channels', 'data']);
  const { width, height, channels, data } = pixels;
  checkWhole('encodePng', 'width', width, 1);
  checkWhole('encodePng', 'height', height, 1);
  if (![1, 2, 3, 4].includes(channels)) {
    throw new ValueError(`encodePng: channels must be 1, 2, 3 or 4; got ${String(channels)}`);
  }
  const row = width * channels;
  if (data.length !== row * height) {
    throw new ValueError(`encodePng: data must hold ${width} · ${height} · ${channels} bytes; got ${data.length}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourTypes[channels - 1]], 8);
  // Each row begins with its filter; 0 is none.
  const rows = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
