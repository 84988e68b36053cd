import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download } from 'adjoint/io';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { AdjointError, FormatError, ValueError } from '../../lib/core/errors.js';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 5));
const sha256 = createHash('sha256').update(content).digest('hex');

/** What the server does with the next requests; the last one stays. */
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
/** The ranges that were asked for. */
let ranges: (string | undefined)[] = [];
let server: Server;
let url: string;
let cacheFolder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets/a%20set.bin?x=1`;
});
afterAll(() => server.close());
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'adjoint-cache-'));
  ranges = [];
});
afterEach(() => rm(cacheFolder, { recursive: true }));

/** Answers as a server that knows ranges; `upTo` is where the connection breaks. */
const serve =
  (bytes = content, upTo = Infinity) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const begin = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (begin >= bytes.length) {
      response.writeHead(416).end();
      return;
    }
    const headers = { 'content-length': bytes.length - begin };
    if (begin > 0)
      response.writeHead(206, { ...headers, 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` });
    else response.writeHead(200, headers);
    const rest = bytes.subarray(begin, Math.min(upTo, bytes.length));
    if (upTo >= bytes.length) response.end(rest);
    else response.write(rest, () => setTimeout(() => response.destroy(), 30));
  };
const ignoreRanges = (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': content.length }).end(content);
};
const status = (code: number) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(code).end();
};
/** Whether a file is the one that is served. */
const holds = async (path: string): Promise<boolean> => content.equals(await readFile(path));
const options = () => ({ sha256, cacheFolder, wait: 0 });

it('gets a file once, and then has it', async () => {
  answers = [serve()];
  const seen: [number, number | undefined][] = [];
  const path = await download(url, { ...options(), onProgress: (bytes, total) => seen.push([bytes, total]) });
  expect(path).toBe(join(cacheFolder, `${sha256.slice(0, 16)}-a_20set.bin`));
  expect(await holds(path)).toBe(true);
  expect(seen[0]).toEqual([0, content.length]);
  expect(seen[seen.length - 1]).toEqual([content.length, content.length]);
  expect(await download(url, options())).toBe(path);
  expect(ranges).toEqual([undefined]);
  expect(await readdir(cacheFolder)).toHaveLength(1);
});

it('gets it again where what was kept is damaged', async () => {
  answers = [serve()];
  const path = await download(url, options());
  await writeFile(path, 'damaged');
  expect(await holds(await download(url, options()))).toBe(true);
});

it('goes on where the connection broke', async () => {
  answers = [serve(content, 100_000), serve(content, 200_000), serve()];
  expect(await holds(await download(url, options()))).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
});

it('goes on with what an earlier call, or a killed process, left', async () => {
  answers = [serve(content, 100_000)];
  await expect(download(url, { ...options(), retries: 0 })).rejects.toThrow(
    /^download: cannot get http:.*: .*; tried 1 times$/,
  );
  const [left] = await readdir(cacheFolder);
  expect(left).toBe(`${sha256.slice(0, 16)}-a_20set.bin.part`);
  answers = [serve()];
  await download(url, options());
  expect(ranges).toEqual([undefined, 'bytes=100000-']);

  const path = await download(url, options());
  await rm(path);
  // No process has this number.
  await writeFile(`${path}.999999999-0.part`, content.subarray(0, 5000));
  await download(url, options());
  expect(ranges[2]).toBe('bytes=5000-');
  await rm(path);
  await writeFile(`${path}.part`, content.subarray(0, 5000));
  await download(url, { ...options(), resume: false });
  expect(ranges[3]).toBe(undefined);
});

it('begins anew where the server has no ranges, or what was left is of another file', async () => {
  const part = join(cacheFolder, `${sha256.slice(0, 16)}-a_20set.bin.part`);
  await writeFile(part, content.subarray(0, 1000));
  answers = [ignoreRanges];
  expect(await holds(await download(url, options()))).toBe(true);
  await rm(part.slice(0, -5));
  await writeFile(part, Buffer.alloc(1000));
  answers = [serve()];
  expect(await holds(await download(url, options()))).toBe(true);
  expect(ranges).toEqual(['bytes=1000-', 'bytes=1000-', undefined]);
});

it('takes what is whole already, and leaves what is too long', async () => {
  const part = join(cacheFolder, `${sha256.slice(0, 16)}-a_20set.bin.part`);
  answers = [serve()];
  await writeFile(part, content);
  expect(await holds(await download(url, options()))).toBe(true);
  await rm(part.slice(0, -5));
  await writeFile(part, Buffer.concat([content, content]));
  expect(await holds(await download(url, options()))).toBe(true);
  expect(ranges).toEqual(['bytes=300000-', 'bytes=600000-', undefined]);
});

it('follows redirects', async () => {
  answers = [(_, response) => response.writeHead(302, { location: '/other' }).end(), serve()];
  const path = await download(url, options());
  expect(path).toMatch(/a_20set\.bin$/);
  expect(await holds(path)).toBe(true);
});

it('refuses another checksum, and keeps nothing of it', async () => {
  answers = [serve(Buffer.from('another file'))];
  const other = createHash('sha256').update('another file').digest('hex');
  await expect(download(url, options())).rejects.toThrow(
    new FormatError(
      `download: ${url} must have the checksum ${sha256}; it has ${other}: it was changed, or damaged on the way`,
    ),
  );
  expect(await readdir(cacheFolder)).toEqual([]);
});

it('tries again what may pass, and nothing else', async () => {
  answers = [status(503), status(429), serve()];
  await download(url, options());
  expect(ranges).toHaveLength(3);
  answers = [status(500)];
  ranges = [];
  const other = { ...options(), sha256: sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) };
  await expect(download(url, { ...other, retries: 2 })).rejects.toThrow(
    new AdjointError(`download: cannot get ${url}: the server answers 500 Internal Server Error; tried 3 times`),
  );
  expect(ranges).toHaveLength(3);
  answers = [status(404)];
  await expect(download(url, other)).rejects.toThrow(
    new AdjointError(`download: cannot get ${url}: the server answers 404 Not Found`),
  );
  expect(ranges).toHaveLength(4);
});

it('can be aborted, in the middle and while it waits', async () => {
  const controller = new AbortController();
  answers = [serve(content, 100_000)];
  const reason = new Error('enough');
  const stopped = download(url, {
    ...options(),
    signal: controller.signal,
    onProgress: (bytes) => bytes > 0 && controller.abort(reason),
  });
  await expect(stopped).rejects.toThrow(reason);
  expect((await readdir(cacheFolder))[0]).toMatch(/\.bin\.part$/);
  const waiting = new AbortController();
  answers = [status(503)];
  setTimeout(() => waiting.abort(reason), 100);
  await expect(download(url, { ...options(), wait: 60, signal: waiting.signal })).rejects.toThrow(reason);
});

it('can be asked twice at once', async () => {
  answers = [serve()];
  const [a, b] = await Promise.all([download(url, options()), download(url, options())]);
  expect(a).toBe(b);
  expect(await holds(a)).toBe(true);
  expect(await readdir(cacheFolder)).toHaveLength(1);
});

it('keeps files where the environment says', async () => {
  answers = [serve()];
  vi.stubEnv('ADJOINT_CACHE', join(cacheFolder, 'own'));
  vi.stubEnv('XDG_CACHE_HOME', cacheFolder);
  try {
    expect(await download(url, { sha256 })).toMatch(join(cacheFolder, 'own'));
    vi.stubEnv('ADJOINT_CACHE', undefined);
    expect(await download(url, { sha256 })).toMatch(join(cacheFolder, 'adjoint'));
  } finally {
    vi.unstubAllEnvs();
  }
});

it('refuses what is no address and no checksum', async () => {
  await expect(download('file:///etc/passwd', options())).rejects.toThrow(
    new ValueError('download: url must begin with http:// or https://; got "file:///etc/passwd"'),
  );
  await expect(download(url, { ...options(), sha256: 'abc' })).rejects.toThrow(
    new ValueError('download: sha256 must be 64 hexadecimal digits; got "abc"'),
  );
});
