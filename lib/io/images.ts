import { extname } from 'node:path';
import type { Sharp } from 'sharp';
import { checkInstance, checkOneOf, checkPath, checkWhole } from '../core/check.js';
import { DTypeError, FormatError, ShapeError, ValueError } from '../core/errors.js';
import { importPeer } from '../core/peer.js';
import { show } from '../core/shape.js';
import { fromStorage } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { writeFileAtomic } from './atomic.js';
import { FileSource } from './source.js';

export interface ImageOptions {
  /** 1 (grey), 3 (RGB) or 4 (RGBA); a file of others is converted; default 3. */
  channels?: 1 | 3 | 4;
  /** Height and width to resize to; one number: of the shorter side, the ratio kept; default: as the file has it. */
  size?: number | readonly [height: number, width: number];
  /** The most pixels that a file may have, checked before any is decoded; default 2²⁶, 268 MB of RGBA. */
  maxPixels?: number;
}

/** `chw`: [channels, height, width] float32 in 0 … 1, as layers take them; `hwc`: [height, width, channels] uint8, as files have them. */
export type ImageLayout = 'chw' | 'hwc';

export type ImageTensor<L extends ImageLayout> = L extends 'chw'
  ? Tensor<[number, number, number], 'float32'>
  : Tensor<[number, number, number], 'uint8'>;

/** The formats that are read, by how they begin; others, such as SVG with its links, never reach the decoder. */
const signatures: readonly [format: string, at: number, bytes: string][] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['gif', 0, 'GIF8'],
  ['webp', 8, 'WEBP'],
];

/**
 * Reads a picture: PNG, JPEG, GIF (its first frame) or WebP, 8 bits a channel. Values are the file's own: colour profiles
 * and the orientation that a camera noted are not applied. Needs the package sharp.
 *
 *     const x = await readImage('cat.jpg', { size: [224, 224] });                     // [3, 224, 224] float32, 0 … 1
 *     const pixels = await readImage('cat.jpg', { channels: 1, layout: 'hwc' });      // [300, 451, 1] uint8
 *
 * Grey is 0.299 R + 0.587 G + 0.114 B; resizing is bilinear with antialiasing; an alpha channel that is not asked for is left
 * out, one that is missing is opaque.
 *
 * @throws FormatError for what is no such picture, is damaged, or has more pixels than `maxPixels`
 * @source ITU-R BT.601 for grey
 */
export async function readImage<L extends ImageLayout = 'chw'>(
  path: string,
  options: ImageOptions & { layout?: L } = {},
): Promise<ImageTensor<L>> {
  const bytes = await FileSource.with('readImage', path, (file) => file.head(file.size));
  return decode('readImage', bytes, path, options);
}

/** As `readImage`, from memory; `name` is what errors call it. */
export const decodeImage = <L extends ImageLayout = 'chw'>(
  bytes: Uint8Array,
  options: ImageOptions & { layout?: L } = {},
  name = 'bytes',
): Promise<ImageTensor<L>> => decode('decodeImage', bytes, name, options);

async function decode<L extends ImageLayout>(
  op: string,
  bytes: Uint8Array,
  name: string,
  options: ImageOptions & { layout?: L },
): Promise<ImageTensor<L>> {
  const { channels = 3, size, maxPixels = 2 ** 26, layout = 'chw' } = options;
  checkInstance(op, 'bytes', bytes, Uint8Array);
  checkOneOf(op, 'channels', String(channels), ['1', '3', '4']);
  checkOneOf(op, 'layout', layout, ['chw', 'hwc']);
  checkWhole(op, 'maxPixels', maxPixels, 1);
  for (const side of typeof size === 'number' ? [size] : (size ?? [])) checkWhole(op, 'size', side, 1);
  const fail = (text: string, cause?: unknown) => new FormatError(`image: ${name}: ${text}`, { cause });

  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString('latin1');
  if (!signatures.some(([, at, start]) => text.startsWith(start, at)))
    throw fail('a picture must be PNG, JPEG, GIF or WebP; it begins as none of them');
  const { default: sharp } = await importPeer<typeof import('sharp')>(op, 'sharp');
  try {
    const picture = sharp(bytes, { limitInputPixels: false, ignoreIcc: true });
    const { width, height } = await picture.metadata();
    if (width * height > maxPixels) {
      throw fail(
        `a picture must have at most ${maxPixels} pixels; it has ${width} · ${height}; raise maxPixels if it is to be trusted`,
      );
    }
    resize(picture, size, width, height);
    if (channels === 4) picture.ensureAlpha();
    else picture.removeAlpha();
    const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const pixels = channels === 1 ? grey(data) : data;
    return tensorOfPixels(pixels, info.height, info.width, channels, layout) as ImageTensor<L>;
  } catch (cause) {
    // A TypeError would be ours.
    if (cause instanceof FormatError || cause instanceof TypeError) throw cause;
    throw fail(`it cannot be decoded: ${(cause as Error).message.replace(/\s+/g, ' ').trim()}`, cause);
  }
}

function resize(picture: Sharp, size: ImageOptions['size'], width: number, height: number): void {
  if (size === undefined) return;
  const [toHeight, toWidth] =
    typeof size !== 'number'
      ? size
      : height <= width
        ? [size, Math.max(1, Math.trunc((size * width) / height))]
        : [Math.max(1, Math.trunc((size * height) / width)), size];
  picture.resize(toWidth, toHeight, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
}

/** Luma of RGB in 16-bit fractions, which add up to 2¹⁶: grey stays what it is. */
function grey(rgb: Uint8Array): Uint8Array {
  const y = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < y.length; i++, at += 3) {
    y[i] = (19595 * rgb[at] + 38470 * rgb[at + 1] + 7471 * rgb[at + 2] + 0x8000) >> 16;
  }
  return y;
}

function tensorOfPixels(
  pixels: Uint8Array,
  height: number,
  width: number,
  channels: number,
  layout: ImageLayout,
): ImageTensor<ImageLayout> {
  if (layout === 'hwc') return fromStorage(pixels, [height, width, channels], 'uint8');
  const plane = height * width;
  const x = new Float32Array(plane * channels);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) x[c * plane + i] = pixels[i * channels + c] / 255;
  }
  return fromStorage(x, [channels, height, width], 'float32');
}

/** What `writeImage` writes, by a path's ending. */
const formats: Readonly<Record<string, ImageFormat>> = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp' };
export type ImageFormat = 'png' | 'jpeg' | 'webp';

/** A picture: uint8 [height, width, channels], or floating point [channels, height, width] in 0 … 1, of 1, 3 or 4 channels. */
export type Picture = Tensor<any, 'uint8'> | Tensor<any, 'float32'> | Tensor<any, 'float64'>;

/**
 * Writes a picture whose format the path's ending tells: .png, .jpg, .jpeg or .webp; an existing file is replaced at once
 * or not at all. Needs the package sharp.
 *
 *     await writeImage('dream.png', x);        // [3, 224, 224] float32, values outside 0 … 1 are clipped
 *
 * @param quality  of JPEG and WebP, 1 … 100; default 90
 */
export async function writeImage(path: string, picture: Picture, options: { quality?: number } = {}): Promise<void> {
  checkPath('writeImage', path);
  const format = formats[extname(path).slice(1).toLowerCase()];
  if (format === undefined)
    throw new ValueError(`writeImage: a path must end in .png, .jpg, .jpeg or .webp; got ${path}`);
  await writeFileAtomic(path, [await encode('writeImage', picture, format, options)]);
}

/** The bytes that `writeImage` writes. */
export const encodeImage = (
  picture: Picture,
  format: ImageFormat,
  options: { quality?: number } = {},
): Promise<Uint8Array> => encode('encodeImage', picture, format, options);

async function encode(
  op: string,
  picture: Picture,
  format: ImageFormat,
  { quality = 90 }: { quality?: number },
): Promise<Uint8Array> {
  checkOneOf(op, 'format', format, ['png', 'jpeg', 'webp']);
  if (!Number.isInteger(quality) || quality < 1 || quality > 100)
    throw new ValueError(`${op}: quality must be a whole number within 1 … 100; got ${quality}`);
  const raw = pixelsOf(op, picture);
  const { default: sharp } = await importPeer<typeof import('sharp')>(op, 'sharp');
  // A PNG with a quality would lose colours to a palette.
  return sharp(raw.data, { raw })
    .toFormat(format, format === 'png' ? {} : { quality })
    .toBuffer();
}

function pixelsOf(op: string, x: Picture) {
  if (!['uint8', 'float32', 'float64'].includes(x.dtype)) {
    throw new DTypeError(`${op}: a picture must be uint8, float32 or float64; got ${x.dtype}`);
  }
  const shape: readonly number[] = x.shape;
  const isBytes = x.dtype === 'uint8';
  const [height, width, channels] = isBytes ? shape : [shape[1], shape[2], shape[0]];
  if (shape.length !== 3 || ![1, 3, 4].includes(channels) || height * width === 0) {
    const wanted = isBytes ? '[height, width, 1, 3 or 4] of uint8' : '[1, 3 or 4, height, width] of floating point';
    throw new ShapeError(`${op}: a picture must be ${wanted}; got ${show(shape)}`);
  }
  const values = x.data();
  const size = { width, height, channels: channels as 1 | 3 | 4 };
  if (isBytes) return { ...size, data: values as Uint8Array };
  const plane = height * width;
  // A clamped array rounds to the nearest, and keeps to 0 … 255.
  const data = new Uint8ClampedArray(values.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) data[i * channels + c] = 255 * values[c * plane + i];
  }
  return { ...size, data };
}
