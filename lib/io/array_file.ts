import { checkWhole } from '../core/check.js';
import type { DType } from '../core/dtype.js';
import { FormatError, ShapeError, ValueError } from '../core/errors.js';
import { show, sizeOf } from '../core/shape.js';
import type { ArrayData } from './array_data.js';
import { type FileType, rawArray } from './file_types.js';
import { FileSource } from './source.js';

/** Where an array lies in a file, row-major. */
export interface ArrayLayout {
  readonly type: FileType;
  readonly shape: readonly number[];
  /** Its first byte. */
  readonly start: number;
  readonly bigEndian?: boolean;
}

/**
 * An array that stays in its file and is read by rows, so that memory is needed for the rows asked for alone. The file is
 * open only while it is read: there is nothing to close. Made by `openNpy`, `openIdx` and `openSafetensors`.
 *
 *     const images = await openNpy('images.npy');      // [1000000, 3, 32, 32], 3 GB
 *     const { data } = await images.read(64, 128);     // [64, 3, 32, 32]
 */
export class ArrayFile {
  readonly dtype: DType;
  readonly shape: readonly number[];

  /** @param bytes  of the whole file, so that a change is noticed */
  constructor(
    readonly path: string,
    private readonly layout: ArrayLayout,
    private readonly bytes: number,
  ) {
    this.dtype = layout.type.dtype;
    this.shape = layout.shape;
    if (this.shape.length === 0) {
      throw new ShapeError(`ArrayFile: ${path} holds a scalar, which has no rows; read it whole`);
    }
  }

  /** Rows: elements of the first axis. */
  get length(): number {
    return this.shape[0];
  }

  /**
   * Rows `begin` up to but not including `end`.
   *
   * @throws ValueError "ArrayFile.read: rows must lie within 0 … 10; got 8 to 12"; FormatError if the file has changed, or
   * has a value that the dtype has not
   */
  async read(begin: number, end: number): Promise<ArrayData> {
    checkWhole('ArrayFile.read', 'begin', begin, 0);
    checkWhole('ArrayFile.read', 'end', end, begin);
    if (end > this.length) {
      throw new ValueError(`ArrayFile.read: rows must lie within 0 … ${this.length}; got ${begin} to ${end}`);
    }
    return this.#read(end - begin, [[begin, end]], `rows ${begin} to ${end}`);
  }

  /**
   * Rows by their positions, in the order given; neighbours are read at once.
   *
   * @throws as `read`
   */
  async rows(indices: Int32Array): Promise<ArrayData> {
    const wrong = indices.find((index) => index < 0 || index >= this.length);
    if (wrong !== undefined) {
      throw new ValueError(`ArrayFile.rows: rows must lie within 0 … ${this.length - 1}; got ${wrong}`);
    }
    return this.#read(indices.length, runs(indices), 'some rows');
  }

  async #read(count: number, ranges: Iterable<readonly [number, number]>, what: string): Promise<ArrayData> {
    const { type, start, bigEndian = false } = this.layout;
    const inner = this.shape.slice(1);
    const stride = sizeOf(inner) * type.bytes;
    return FileSource.with('ArrayFile.read', this.path, async (file) => {
      if (file.size !== this.bytes) {
        throw new FormatError(
          `ArrayFile.read: ${this.path} had ${this.bytes} bytes when it was opened; it has ${file.size}: open it again`,
        );
      }
      const raw = rawArray(type, [count, ...inner], { bigEndian });
      let filled = 0;
      for (const [begin, end] of ranges) {
        const bytes = (end - begin) * stride;
        await file.read(raw.bytes.subarray(filled, filled + bytes), start + begin * stride);
        filled += bytes;
      }
      return raw.finish((text) => new FormatError(`${this.path}: ${what} of ${show(this.shape)}: ${text}`));
    });
  }
}

/** Indices as ranges of neighbours. */
function* runs(indices: Int32Array): Generator<[begin: number, end: number]> {
  for (let i = 0; i < indices.length; ) {
    const from = i;
    do i++;
    while (i < indices.length && indices[i] === indices[i - 1] + 1);
    yield [indices[from], indices[i - 1] + 1];
  }
}
