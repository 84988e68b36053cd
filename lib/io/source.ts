import { type FileHandle, open } from 'node:fs/promises';
import { FormatError } from '../core/errors.js';

/** Linux reads at most 2 GiB in one call. */
const chunkBytes = 2 ** 30;

/** An open file of known size, for readers that check the size before they allocate. */
export class FileSource {
  private constructor(
    readonly path: string,
    readonly size: number,
    readonly handle: FileHandle,
  ) {}

  /** Opens `path`, passes it to `use` and closes it. */
  static async with<T>(op: string, path: string, use: (file: FileSource) => Promise<T>): Promise<T> {
    const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') throw new FormatError(`${op}: no file ${path}; check the path`, { cause });
      throw new FormatError(`${op}: cannot open ${path}: ${cause.message.split(',')[0]}`, { cause });
    });
    try {
      const stat = await handle.stat();
      if (!stat.isFile())
        throw new FormatError(`${op}: ${path} must be a file; it is ${stat.isDirectory() ? 'a folder' : 'a device'}`);
      return await use(new FileSource(path, stat.size, handle));
    } finally {
      await handle.close();
    }
  }

  /** The first `bytes` bytes, or all there are. */
  async head(bytes: number): Promise<Uint8Array> {
    const head = new Uint8Array(Math.min(bytes, this.size));
    await this.read(head, 0);
    return head;
  }

  /** Fills `bytes` from `position`. */
  async read(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, chunkBytes);
      const { bytesRead } = await this.handle.read(bytes, done, length, position + done);
      if (bytesRead === 0) throw new FormatError(`${this.path}: the file became shorter while it was read`);
      done += bytesRead;
    }
  }
}
