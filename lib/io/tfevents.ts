import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkPath, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { crc32c } from './crc.js';
import { encodePng, type Pixels } from './png.js';
import { bytesField, doubleField, doublesField, floatField, message, wholeField } from './protobuf.js';

/** A computation, as TensorBoard draws it; that of `graph` in `adjoint/autodiff` is one. */
export interface DrawnGraph {
  readonly nodes: readonly {
    readonly name: string;
    readonly op: string | null;
    readonly kind: string;
    readonly shape: readonly number[];
    readonly inputs: readonly { readonly from: { readonly name: string } }[];
  }[];
}

/**
 * Writes what TensorBoard shows: `tensorboard --logdir FOLDER`. Each call appends whole records, so that a file is readable
 * at any time and after any crash. A tag is a name, with slashes between its groups; a step is a whole number ≥ 0.
 *
 *     const events = new EventWriter('runs/a');
 *     events.scalar('train/loss', 0.25, step);
 *     events.close();
 *
 * @source TensorFlow: lib/io/record_writer.h (records), util/event.proto, framework/summary.proto, framework/graph.proto
 */
export class EventWriter {
  readonly path: string;
  readonly #file: number;

  /**
   * @param folder          made if it is not there
   * @param options.resume  the step at which a run goes on: what an earlier file says of this step and later ones counts no more
   */
  constructor(folder: string, { resume = 0 }: { resume?: number } = {}) {
    checkWhole('EventWriter', 'resume', resume, 0);
    checkPath('EventWriter', folder);
    mkdirSync(folder, { recursive: true });
    const stamp = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
    this.path = join(folder, `events.out.tfevents.${stamp}.${hostname()}.${process.pid}.${serial++}`);
    this.#file = openSync(this.path, 'wx');
    this.#write(0, bytesField(3, 'brain.Event:2'));
    // SessionLog with status START.
    if (resume > 0) this.#write(resume, bytesField(7, wholeField(1, 1)));
  }

  /** A point of a curve. */
  scalar(tag: string, value: number, step: number): void {
    this.#summary(tag, floatField(2, value), step);
  }

  /**
   * How values are spread, NaN and infinite ones left out.
   *
   * @param bins  of equal width, from the least value to the largest; whole, ≥ 1; default 30
   */
  histogram(tag: string, values: ArrayLike<number>, step: number, bins = 30): void {
    checkWhole('EventWriter.histogram', 'bins', bins, 1);
    const finite = Array.from(values).filter(Number.isFinite);
    const sum = (of: (value: number) => number): number => finite.reduce((total, value) => total + of(value), 0);
    const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
    const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
    const [min, max] = finite.length === 0 ? [0, 0] : [low, high];
    const count = min === max ? 1 : bins;
    const buckets = new Array<number>(count).fill(0);
    for (const value of finite) buckets[Math.min(count - 1, Math.floor(((value - min) / (max - min)) * count)) || 0]++;
    const limits = buckets.map((_, i) => (i === count - 1 ? max : min + ((i + 1) * (max - min)) / count));
    const histogram = message(
      doubleField(1, min),
      doubleField(2, max),
      doubleField(3, finite.length),
      doubleField(
        4,
        sum((value) => value),
      ),
      doubleField(
        5,
        sum((value) => value * value),
      ),
      doublesField(6, limits),
      doublesField(7, buckets),
    );
    this.#summary(tag, bytesField(5, histogram), step);
  }

  /** A picture. */
  image(tag: string, pixels: Pixels, step: number): void {
    const image = message(
      wholeField(1, pixels.height),
      wholeField(2, pixels.width),
      wholeField(3, pixels.channels),
      bytesField(4, encodePng(pixels)),
    );
    this.#summary(tag, bytesField(4, image), step);
  }

  /** A computation: its nodes with their shapes, and what they read. */
  graph({ nodes }: DrawnGraph): void {
    const definitions = nodes.map(({ name, op, kind, shape, inputs }) =>
      bytesField(
        1,
        message(
          bytesField(1, nodeName(name)),
          bytesField(2, op ?? kind),
          ...inputs.map(({ from }) => bytesField(3, nodeName(from.name))),
          bytesField(5, message(bytesField(1, '_output_shapes'), bytesField(2, bytesField(1, shapeList(shape))))),
        ),
      ),
    );
    // versions { producer: 22 }, the first with shapes among the attributes.
    this.#write(0, bytesField(4, message(...definitions, bytesField(4, wholeField(1, 22)))));
  }

  /** Nothing is written after this. */
  close(): void {
    closeSync(this.#file);
  }

  #summary(tag: string, value: Uint8Array, step: number): void {
    if (tag === '') throw new ValueError('EventWriter: a tag must have a name; got none');
    checkWhole('EventWriter', 'step', step, 0);
    this.#write(step, bytesField(5, bytesField(1, message(bytesField(1, tag), value))));
  }

  #write(step: number, content: Uint8Array): void {
    writeSync(this.#file, record(message(doubleField(1, Date.now() / 1000), wholeField(2, step), content)));
  }
}

/** Two writers of one process and second have files of their own. */
let serial = 0;

/** What TensorFlow allows: letters, digits and some signs, slashes between groups. */
const nodeName = (name: string): string => name.replace(/[^A-Za-z0-9_./\\-]/g, '_').replace(/^[^A-Za-z0-9.]/, '.$&');

/** ListValue { shape { dim { size } … } }. */
const shapeList = (shape: readonly number[]): Uint8Array =>
  bytesField(7, message(...shape.map((size) => bytesField(2, wholeField(1, size)))));

/** A length, the content, and a check of each. */
function record(content: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(content.length + 16);
  whole.writeBigUInt64LE(BigInt(content.length), 0);
  whole.writeUInt32LE(masked(whole.subarray(0, 8)), 8);
  whole.set(content, 12);
  whole.writeUInt32LE(masked(content), content.length + 12);
  return whole;
}

/** Turned and shifted, since a check of what contains its own check finds little. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
