import { createRequire } from 'node:module';
import { StateError } from './errors.js';

const require = createRequire(import.meta.url);
const missing = (op: string, name: string, cause: unknown): unknown =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((cause as NodeJS.ErrnoException).code ?? '') &&
  (cause as Error).message.includes(name)
    ? new StateError(`${op}: needs the package ${name}, which is not installed; npm install ${name}`, { cause })
    : cause;

/**
 * An optional peer of package.json, a CommonJS one, loaded when a function first needs it.
 *
 * @throws StateError that names the package, where it is not installed.
 */
export function requirePeer<T>(op: string, name: string): T {
  try {
    return require(name) as T;
  } catch (cause) {
    throw missing(op, name, cause);
  }
}

/**
 * An optional peer of package.json, of either kind of module, loaded when a function first needs it.
 *
 * @throws StateError that names the package, where it is not installed.
 */
export async function importPeer<T>(op: string, name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw missing(op, name, cause);
  }
}
