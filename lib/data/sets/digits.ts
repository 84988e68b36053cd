import { checkWhole, given } from '../../core/check.js';
import { philox } from '../../core/random.js';
import { fromStorage } from '../../tensor/create.js';
import { glyphs } from './glyphs.js';
import type { Digits } from './mnist.js';

/*
 * Handwritten-looking digits in MNIST's format, drawn rather than stored, so that examples and tests need no download.
 *
 * A digit is a few pen strokes: smooth curves through points. The points are shaken, sheared, turned and bent, scaled to
 * MNIST's box of 20 × 20 pixels and centred by their mass; then each pixel near a stroke is inked by its distance to it.
 * Only + − × ÷ √ are used, which IEEE 754 rounds alike everywhere: the same seed gives the same bytes on any machine.
 */

const side = 28;
const pixels = side * side;
/** The digit's larger side, in pixels. */
const box = 20;
/** Strokes keep this far from the border, so that the widest ink (2.5 pixels) leaves the outermost pixels black. */
const edge = 3;
/** Line segments between two points of a stroke. */
const steps = 4;
/** Philox blocks set aside for an image, more than it can use, so that image i does not depend on how many are drawn. */
const blocksPerImage = 256;

/**
 * Draws `count` digits, each label as likely as any other. Image i of a seed is always the same, so training and test
 * sets need two seeds. 60,000 images take about two seconds.
 */
export function generateDigits(count: number, options: { seed: number }): Digits {
  const { seed } = given(options);
  checkWhole('generateDigits', 'count', count, 0);
  checkWhole('generateDigits', 'seed', seed, 0);
  const images = new Uint8Array(count * pixels);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const random = new Draws(seed, i * blocksPerImage);
    labels[i] = random.index(glyphs.length);
    const variants = glyphs[labels[i]];
    const segments = place(shape(variants[random.index(variants.length)], random), random);
    ink(images.subarray(i * pixels, (i + 1) * pixels), segments, random);
  }
  return { images: fromStorage(images, [count, side, side], 'uint8'), labels: fromStorage(labels, [count], 'int32') };
}

/** Random numbers of one image. */
class Draws {
  readonly #words = new Uint32Array(4);
  #used = 4;

  constructor(
    readonly seed: number,
    private block: number,
  ) {}

  word(): number {
    if (this.#used === 4) {
      this.#words.set(philox(this.seed, this.block++));
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  between(low: number, high: number): number {
    return low + ((high - low) * this.word()) / 2 ** 32;
  }

  index(count: number): number {
    return Math.floor((count * this.word()) / 2 ** 32);
  }

  /** Bell-shaped, mean 0 and deviation 1, within ±3: the sum of four numbers of 16 bits (exact, unlike log and cos). */
  normal(): number {
    const a = this.word();
    const b = this.word();
    const sum = (a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16);
    return (sum / 65535 - 2) * Math.sqrt(3);
  }
}

/** Line segments x₁, y₁, x₂, y₂ of a glyph as one writer would put it down. */
function shape(strokes: readonly (readonly number[])[], random: Draws): Float64Array {
  const width = random.between(0.52, 1.12);
  const slant = 0.15 + 0.27 * random.normal();
  // Turning by an angle of tangent-half t needs no sine.
  const t = 0.07 * random.normal();
  const cos = (1 - t * t) / (1 + t * t);
  const sin = (2 * t) / (1 + t * t);
  const bendX = 0.38 * random.normal();
  const bendY = 0.28 * random.normal();
  const shake = random.between(0.018, 0.08);

  const segments = new Float64Array(strokes.reduce((sum, stroke) => sum + 4 * steps * (stroke.length / 2 - 1), 0));
  let at = 0;
  for (const stroke of strokes) {
    const points = new Float64Array(stroke.length);
    for (let i = 0; i < stroke.length; i += 2) {
      const u = stroke[i] - 0.5 + shake * random.normal();
      const v = stroke[i + 1] - 0.5 + shake * random.normal();
      const x = width * (u + bendX * v * v) - slant * v;
      const y = v + bendY * u * u;
      points[i] = cos * x - sin * y;
      points[i + 1] = sin * x + cos * y;
    }
    at = curve(points, segments, at);
  }
  return segments;
}

/** Appends the Catmull-Rom spline through `points` to `segments`; returns where it ends. */
function curve(points: Float64Array, segments: Float64Array, start: number): number {
  let at = start;
  const last = points.length - 2;
  for (let i = 0; i < last; i += 2) {
    const before = Math.max(i - 2, 0);
    const after = Math.min(i + 4, last);
    for (let step = 0; step < steps; step++) {
      for (const t of [step / steps, (step + 1) / steps]) {
        for (let axis = 0; axis < 2; axis++) {
          const [p, q, r, s] = [points[before + axis], points[i + axis], points[i + 2 + axis], points[after + axis]];
          const cubic =
            (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t) / 2;
          segments[at++] = cubic;
        }
      }
    }
  }
  return at;
}

/** Scales segments, in place, to MNIST's box and moves their centre of mass to the middle of the image, give or take a pixel. */
function place(segments: Float64Array, random: Draws): Float64Array {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  const mass = [0, 0];
  let total = 0;
  for (let i = 0; i < segments.length; i += 4) {
    const length = Math.sqrt((segments[i + 2] - segments[i]) ** 2 + (segments[i + 3] - segments[i + 1]) ** 2);
    total += length;
    for (let axis = 0; axis < 2; axis++) {
      const a = segments[i + axis];
      const b = segments[i + 2 + axis];
      low[axis] = Math.min(low[axis], a, b);
      high[axis] = Math.max(high[axis], a, b);
      mass[axis] += (length * (a + b)) / 2;
    }
  }
  // The pen's width comes on top of the strokes, hence two pixels less.
  const scale = ((box - 2) * random.between(0.88, 1.06)) / Math.max(high[0] - low[0], high[1] - low[1]);
  for (let axis = 0; axis < 2; axis++) {
    const wanted = side / 2 - (scale * mass[axis]) / total + random.between(-1, 1);
    const shift = Math.min(Math.max(wanted, edge - scale * low[axis]), side - edge - scale * high[axis]);
    for (let i = axis; i < segments.length; i += 2) segments[i] = scale * segments[i] + shift;
  }
  return segments;
}

const distances = new Float64Array(pixels);

/** Inks each pixel by its centre's distance to the nearest segment. */
function ink(image: Uint8Array, segments: Float64Array, random: Draws): void {
  const radius = random.between(0.75, 1.75);
  const darkness = random.between(225, 300);
  const softness = random.between(0.9, 1.5);
  const reach = radius + softness / 2;
  distances.fill(reach * reach);
  for (let i = 0; i < segments.length; i += 4) {
    const x = segments[i];
    const y = segments[i + 1];
    const dx = segments[i + 2] - x;
    const dy = segments[i + 3] - y;
    const perLength = 1 / (dx * dx + dy * dy + 1e-12);
    const bottom = Math.min(side - 1, Math.floor(Math.max(y, y + dy) + reach));
    const left = Math.max(0, Math.floor(Math.min(x, x + dx) - reach));
    const right = Math.min(side - 1, Math.floor(Math.max(x, x + dx) + reach));
    for (let row = Math.max(0, Math.floor(Math.min(y, y + dy) - reach)); row <= bottom; row++) {
      const v = row + 0.5 - y;
      for (let column = left; column <= right; column++) {
        const u = column + 0.5 - x;
        const along = Math.min(1, Math.max(0, (u * dx + v * dy) * perLength));
        const a = u - along * dx;
        const b = v - along * dy;
        const distance = a * a + b * b;
        if (distance < distances[row * side + column]) distances[row * side + column] = distance;
      }
    }
  }
  for (let i = 0; i < pixels; i++) {
    if (distances[i] >= reach * reach) continue;
    const cover = Math.min(1, (reach - Math.sqrt(distances[i])) / softness);
    image[i] = Math.min(255, darkness * cover * (0.9 + (random.word() >>> 16) / 2 ** 19));
  }
}
