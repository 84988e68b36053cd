import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this library's code: lib/ in the sources, dist/ in the package. */
const own = dirname(dirname(fileURLToPath(import.meta.url))) + sep;

/** What leads here now. Its text, which is dear, is made when it is read. */
export function callStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error();
  Error.stackTraceLimit = limit;
  return stack;
}

/** The innermost line outside of this library that led here, or to that stack: `/app/train.ts:12:5`. */
export function callSite({ stack = '' } = callStack()): string {
  for (const line of stack.split('\n').slice(1)) {
    const place = /\(?((?:file:\/\/)?\/?[^()\s]*:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place === undefined) continue;
    const path = place.startsWith('file://')
      ? fileURLToPath(place.replace(/:\d+:\d+$/, ''))
      : place.replace(/:\d+:\d+$/, '');
    if (!path.startsWith(own) && !path.startsWith('node:')) return `${path}${/:\d+:\d+$/.exec(place)?.[0]}`;
  }
  return 'an unknown line';
}
