import { constants, gunzipSync, inflateRawSync } from 'node:zlib';
import { AdjointError, type FormatError } from '../core/errors.js';

/** deflate makes at most 258 bytes of 2 bits, hence 1032 of one byte. */
export const maxDeflateRatio = 1032;
/** Of a gzip file: enough for its own header, the first code tables and what a header of ours takes; inflates to 4 MB at the worst. */
const peekBytes = 4096;

export interface InflateOptions {
  /** The most that it may inflate to, told from the first inflated bytes. */
  readonly limit: (head: Uint8Array) => number;
  /** Deflated bytes alone, as in a zip archive; default false: gzip. */
  readonly raw?: boolean;
  /** Makes the error. */
  readonly fail: (text: string, cause?: unknown) => FormatError;
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Inflates no further than what the first piece accounts for. @source RFC 1951, RFC 1952 */
export function inflate(bytes: Uint8Array, { limit, raw = false, fail }: InflateOptions): Uint8Array {
  const unpack = raw ? inflateRawSync : gunzipSync;
  const name = raw ? 'deflated' : 'gzip';
  let most = 0;
  try {
    most = limit(unpack(bytes.subarray(0, peekBytes), { finishFlush: constants.Z_SYNC_FLUSH }));
    return unpack(bytes, { maxOutputLength: Math.max(1, most) });
  } catch (cause) {
    if (cause instanceof AdjointError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ERR_BUFFER_TOO_LARGE' ? `it inflates to more than ${most} bytes` : message;
    throw fail(`the ${name} data is broken: ${reason}`, cause);
  }
}
