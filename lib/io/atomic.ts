import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AdjointError } from '../core/errors.js';

/**
 * Writes a file so that whoever reads `path`, at any time and after any crash, finds the old file or the new one, whole:
 * a temporary file in the same folder, flushed to the disk, takes the name. The content must not change meanwhile. What
 * crashed writers of the same file left behind is removed first.
 *
 * @throws AdjointError  "writeFileAtomic: cannot write runs/a.json: ENOSPC: no space left on device; what was there before is unchanged"
 */
export async function writeFileAtomic(
  path: string,
  content: string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await removeAbandoned(folder, basename(path));
    const file = await open(temporary, 'wx');
    try {
      for await (const piece of typeof content === 'string' ? [content] : content) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Node's text goes on with the call and the temporary name: "ENOENT: no such file or directory, open '…'".
    const reason = cause instanceof Error ? cause.message.split(',')[0] : String(cause);
    throw new AdjointError(`writeFileAtomic: cannot write ${path}: ${reason}; what was there before is unchanged`, {
      cause,
    });
  }
  await syncFolder(folder);
}

/** Removes the temporary files of writers that are gone: killed in the middle of a write, they could not do it themselves. */
async function removeAbandoned(folder: string, name: string): Promise<void> {
  const prefix = `.${name}.`;
  for (const file of await readdir(folder)) {
    const pid = file.startsWith(prefix) && /^(\d+)-[0-9a-f]{12}\.tmp$/.exec(file.slice(prefix.length))?.[1];
    if (!pid) continue;
    const path = join(folder, file);
    if (!isRunning(Number(pid)) || (Number(pid) === process.pid && (await isOlderThanProcess(path)))) {
      await rm(path, { force: true });
    }
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container that starts again, the new process often has the number of the old. */
async function isOlderThanProcess(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
  return mtimeMs < Date.now() - process.uptime() * 1000;
}

/** Makes the new name survive a power cut. Windows has no such call and orders renames itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
