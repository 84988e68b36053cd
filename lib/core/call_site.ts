import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this library's code: lib/ in the sources, dist/ in the package. */
const own = dirname(dirname(fileURLToPath(import.meta.url))) + sep;
const ops = join(own, 'ops') + sep;

/** Where something came from: `matmul`, or `backward (matmul)`, and the user's line that called it. */
export interface Origin {
  readonly op: string;
  /** `/app/train.ts:12:5` */
  readonly line: string;
}

interface Frame {
  /** As a stack trace gives it: `Linear.forward`. */
  readonly name: string;
  readonly path: string;
  readonly position: string;
}

/** What leads here now. Its text, which is dear, is made when it is read. */
export function callStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const stack = new Error();
  Error.stackTraceLimit = limit;
  return stack;
}

/** The calls of a stack, innermost first; what has no place in a file is left out. */
const frames = ({ stack = '' }: Error): Frame[] =>
  stack.split('\n').flatMap((text) => {
    const [, name = '', place, position] = /^\s*at (?:async )?(?:(.*) \()?([^()]*?)(:\d+:\d+)\)?$/.exec(text) ?? [];
    if (place === undefined) return [];
    return [{ name, path: place.startsWith('file://') ? fileURLToPath(place) : place, position }];
  });

const isOwn = ({ path }: Frame): boolean => path.startsWith(own);
const isUsers = (frame: Frame): boolean => !isOwn(frame) && !frame.path.startsWith('node:');

/** The innermost line outside of this library that led here, or to that stack: `/app/train.ts:12:5`. */
export function callSite(stack = callStack()): string {
  const frame = frames(stack).find(isUsers);
  return frame === undefined ? 'an unknown line' : `${frame.path}${frame.position}`;
}

/** What the user called to get here, and where; for reports and errors, since it takes some 20 µs. */
export function origin(): Origin {
  const all = frames(callStack());
  const user = all.findIndex(isUsers);
  const inside = all.slice(0, user < 0 ? undefined : user).filter(isOwn);
  // One file an op: its outermost function is the op, or one without a name that belongs to the file's op.
  const op = inside.findLast(({ path }) => path.startsWith(ops) && !/\/methods\.[jt]s$/.test(path));
  const called = bare(inside.at(-1)?.name ?? 'adjoint');
  const name = op === undefined ? called : bare(op.name) || camelCase(basename(op.path).replace(/\.[jt]s$/, ''));
  return {
    op: name === called || called === '' ? name : `${called} (${name})`,
    line: user < 0 ? 'an unknown line' : `${all[user].path}${all[user].position}`,
  };
}

/** Without what a stack trace adds to a function's own name, `Tensor.matmul`, `new Linear`; empty where it has none. */
const bare = (name: string): string => name.replace(/^(?:new |(?:Tensor|Object|Module)\.)|<anonymous>/g, '');
const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
