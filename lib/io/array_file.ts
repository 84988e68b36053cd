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
    const { type, start, bigEndian = false } = this.layout;
    return FileSource.with('ArrayFile.read', this.path, async (file) => {
      if (file.size !== this.bytes) {
        throw new FormatError(
          `ArrayFile.read: ${this.path} had ${this.bytes} bytes when it was opened; it has ${file.size}: open it again`,
        );
      }
      const raw = rawArray(type, [end - begin, ...this.shape.slice(1)], { bigEndian });
      await file.read(raw.bytes, start + begin * sizeOf(this.shape.slice(1)) * type.bytes);
      return raw.finish(
        (text) => new FormatError(`${this.path}: rows ${begin} to ${end} of ${show(this.shape)}: ${text}`),
      );
    });
  }
}
