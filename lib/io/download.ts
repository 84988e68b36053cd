import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkNonNegative, checkWhole, given } from '../core/check.js';
import { AdjointError, FormatError, ValueError } from '../core/errors.js';
import { isRunning, syncFolder } from './atomic.js';

export interface DownloadOptions {
  /** Of the file, in 64 hexadecimal digits: what comes is this, or an error. */
  sha256: string;
  /** Where files are kept; default: $ADJOINT_CACHE, else `adjoint` in $XDG_CACHE_HOME, else in ~/.cache. */
  cacheFolder?: string;
  /** Go on with what an earlier call, stopped or killed, had got already; default true. */
  resume?: boolean;
  /** How often it is tried again after a failure that may pass; whole, ≥ 0; default 3. */
  retries?: number;
  /** Seconds before the first of these, doubled each time; default 1. */
  wait?: number;
  /** Ends the download when it is aborted; what is there stays for the next one. */
  signal?: AbortSignal;
  /** Bytes so far, and in all; undefined where the server does not say. */
  onProgress?: (bytes: number, total: number | undefined) => void;
}

/**
 * Downloads a file into the cache folder, unless it is there already; returns its path. The name appears only once the
 * whole file is there and its checksum is right; what a stopped call got is kept, and gone on with by the next.
 *
 *     const path = await download('https://example.org/cora.npz', { sha256: '3f6c…' });
 *
 * @param url  http or https
 * @throws FormatError for another checksum; AdjointError where the server refuses, or cannot be reached for all retries;
 *   the signal's reason when it aborts
 * @source RFC 9110, section 14 (ranges)
 */
export async function download(url: string, options: DownloadOptions): Promise<string> {
  const { sha256, cacheFolder = defaultCacheFolder(), resume = true, retries = 3, wait = 1, signal } = given(options);
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new ValueError(`download: sha256 must be 64 hexadecimal digits; got ${JSON.stringify(sha256)}`);
  }
  checkWhole('download', 'retries', retries, 0);
  checkNonNegative('download', 'wait', wait);
  const path = join(cacheFolder, `${sha256.slice(0, 16).toLowerCase()}-${nameOf(url)}`);
  await mkdir(cacheFolder, { recursive: true });
  if ((await checksumOf(path)) === sha256.toLowerCase()) return path;

  const part = await Part.claim(path, resume);
  try {
    for (let tried = 0; ; tried++) {
      try {
        await fetchInto(part, url, options);
        break;
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof AdjointError) throw cause;
        if (tried === retries) {
          const { message } = ((cause as Error).cause ?? cause) as Error;
          throw new AdjointError(`download: cannot get ${url}: ${message}; tried ${tried + 1} times`, { cause });
        }
        await sleep(wait * 1000 * 2 ** tried, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
        signal?.throwIfAborted();
      }
    }
    await part.finish(path);
  } catch (error) {
    await part.release();
    throw error;
  }
  return path;
}

/** A failure that may pass, so that it is tried again. */
class Passing extends Error {}

/** Gets what is missing of a file, and checks it; throws an AdjointError for what another attempt would not change. */
async function fetchInto(part: Part, url: string, { sha256, signal, onProgress }: DownloadOptions): Promise<void> {
  for (const begin of part.bytes > 0 ? [part.bytes, 0] : [0]) {
    const headers: Record<string, string> = begin === 0 ? {} : { range: `bytes=${begin}-` };
    // A coding of the transfer would have other lengths and ranges than the file.
    headers['accept-encoding'] = 'identity';
    const response = await fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
    // The range is not there: the file has changed, or we have all of it, wrong.
    const restarts = begin > 0 && response.status === 416;
    if (!restarts) {
      checkStatus(url, response);
      const follows = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${begin}-`);
      await part.receive(response, follows ? begin : 0, onProgress);
      const got = await part.checksum();
      if (got === sha256.toLowerCase()) return;
      if (begin === 0 || !follows) {
        await part.clear();
        throw new FormatError(
          `download: ${url} must have the checksum ${sha256.toLowerCase()}; it has ${got}: it was changed, or damaged on the way`,
        );
      }
    } else {
      await response.body?.cancel();
      if ((await part.checksum()) === sha256.toLowerCase()) return;
    }
    await part.clear();
  }
}

function checkStatus(url: string, { ok, status, statusText }: Response): void {
  if (ok) return;
  const text = `the server answers ${status} ${statusText}`.trim();
  if (status >= 500 || status === 408 || status === 429) throw new Passing(text);
  throw new AdjointError(`download: cannot get ${url}: ${text}`);
}

/** A file that is not whole yet; `NAME.PID.part` belongs to that process, `NAME.part` to nobody. */
class Part {
  /** How many bytes there are. */
  bytes = 0;

  private constructor(
    readonly own: string,
    readonly free: string,
    readonly file: FileHandle,
  ) {}

  /** Takes over what nobody works on any more, or begins anew. */
  static async claim(path: string, resume: boolean): Promise<Part> {
    const own = `${path}.${process.pid}-${Part.#count++}.part`;
    const free = `${path}.part`;
    if (resume) {
      for (const found of [free, ...(await abandoned(path))]) {
        // Only one of several gets it.
        const taken = await rename(found, own).then(
          () => true,
          () => false,
        );
        if (taken) break;
      }
    }
    const part = new Part(own, free, await open(own, 'a+'));
    part.bytes = (await part.file.stat()).size;
    return part;
  }
  static #count = 0;

  /** Appends a response's body at `begin`. */
  async receive(response: Response, begin: number, onProgress: DownloadOptions['onProgress']): Promise<void> {
    if (this.bytes !== begin) await this.clear();
    const length = response.headers.get('content-length');
    const total = length === null ? undefined : begin + Number(length);
    onProgress?.(this.bytes, total);
    for await (const chunk of response.body ?? []) {
      await this.file.writeFile(chunk as Uint8Array);
      this.bytes += (chunk as Uint8Array).length;
      onProgress?.(this.bytes, total);
    }
    if (total !== undefined && this.bytes !== total)
      throw new Passing(`it ended after ${this.bytes} of ${total} bytes`);
  }

  async clear(): Promise<void> {
    await this.file.truncate(0);
    this.bytes = 0;
  }

  checksum = (): Promise<string | undefined> => checksumOf(this.own);

  async finish(path: string): Promise<void> {
    await this.file.sync();
    await this.file.close();
    await rename(this.own, path);
    await syncFolder(dirname(path));
  }

  /** Leaves what there is to the next. */
  async release(): Promise<void> {
    await this.file.close();
    if (this.bytes > 0) await rename(this.own, this.free);
    else await rm(this.own, { force: true });
  }
}

/** Parts of a file whose processes are gone. */
async function abandoned(path: string): Promise<string[]> {
  const folder = dirname(path);
  const names = await readdir(folder);
  return names
    .map((name) => join(folder, name))
    .filter((found) => {
      const pid = found.startsWith(`${path}.`) && /^(\d+)-\d+\.part$/.exec(found.slice(path.length + 1))?.[1];
      return pid && !isRunning(Number(pid));
    });
}

/** In hexadecimal digits; undefined where there is no file. */
async function checksumOf(path: string): Promise<string | undefined> {
  const there = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!there) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** A file's name in an address, of letters that every file system has. */
function nameOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new ValueError(`download: url must begin with http:// or https://; got ${JSON.stringify(url)}`);
  }
  const last = parsed.pathname.split('/').findLast((name) => name !== '') ?? 'file';
  return last.replace(/[^\w.-]/g, '_').slice(-100);
}

function defaultCacheFolder(): string {
  const { ADJOINT_CACHE: own, XDG_CACHE_HOME: xdg } = process.env;
  return own || join(xdg || join(homedir(), '.cache'), 'adjoint');
}
