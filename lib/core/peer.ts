import { createRequire } from 'node:module';
import { StateError } from './errors.js';

const require = createRequire(import.meta.url);
/** The package that a name lies in: `csv-parse` of `csv-parse/sync`. */
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
function missing(op: string, name: string, cause: unknown): unknown {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const pack = packageOf(name);
  if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code) || !message.includes(pack)) return cause;
  return new StateError(`${op}: needs the package ${pack}, which is not installed; npm install ${pack}`, { cause });
}

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
