import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AdjointError, Tensor, withoutMemory, zeros } from 'adjoint';
import { afterAll, beforeAll, expect, it } from 'vitest';

/*
 * What a caller without types may do to everything that the package gives: each call works or is refused by an error of
 * core/errors.ts. JavaScript's own TypeError names a line of this library, and nothing that the caller wrote.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
/** The entry points: 'data' for './data'; the package's own, '', which has names of others too, comes last. */
const doors = Object.keys(exports)
  .filter((name) => /^\.(\/\w+)?$/.test(name))
  .map((name) => name.slice(2))
  .toSorted((a, b) => Number(a === '') - Number(b === '') || (a < b ? -1 : 1));

const calls: readonly (readonly [what: string, args: () => unknown[]])[] = [
  ['nothing', () => []],
  ['null', () => [null]],
  ['a text', () => ['x']],
  ['an empty tensor', () => [zeros([0])]],
  ['an empty array', () => [[]]],
];

/** What has no check, and why. */
const unchecked: Record<string, string> = {
  Tensor: 'ops make them, thousands in a step',
  Optimizer: 'abstract: a rule gives it its name and its defaults',
  FirstOrder: 'abstract, as Optimizer',
  Composed: 'abstract, as Optimizer',
};

/** By default 44 million weights, which nobody here needs. */
const large = ['Transformer'];

const isSpace = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [null, Object.prototype].includes(Object.getPrototypeOf(value));

/** Each function and class once, under the name by which it is found first; those of `nn.init` and the like too. */
function functionsOf(space: object, seen: Set<unknown>): [name: string, f: unknown][] {
  return Object.entries(space).flatMap(([name, value]: [string, unknown]) => {
    if (seen.has(value)) return [];
    seen.add(value);
    if (isSpace(value)) return functionsOf(value, seen);
    const isError = typeof value === 'function' && value.prototype instanceof Error;
    return typeof value === 'function' && !isError && !(name in unchecked) ? [[name, value]] : [];
  });
}

const isClass = (f: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(f));

/** Calls it, waits for what comes later, takes the first of what it goes through, and ends what it began. */
async function call(f: unknown, args: unknown[]): Promise<void> {
  const result: any = await (isClass(f)
    ? Reflect.construct(f as Function, args)
    : Reflect.apply(f as Function, undefined, args));
  if (typeof result !== 'object' || result === null || result instanceof Tensor) return;
  if (Symbol.iterator in result) for (const _ of result) break;
  if (Symbol.asyncIterator in result) for await (const _ of result) break;
  await result.close?.();
}

const before = process.cwd();
/** What keeps the process alive, but for the runner's own. */
const handles = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => !['PipeWrap', 'CloseReq', 'Timeout', 'Immediate'].includes(kind));
const open = handles();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wrong-calls-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const seen = new Set<unknown>([AdjointError]);

it.each(doors)("adjoint/%s answers wrong calls by the library's own errors", async (door) => {
  const found: string[] = [];
  const space = (await import(pathToFileURL(join(root, 'lib', door, 'index.ts')).href)) as object;
  const functions = functionsOf(space, seen);
  expect(functions.length).toBeGreaterThan(0);
  for (const [name, f] of functions) {
    for (const [what, args] of calls) {
      try {
        if (large.includes(name)) withoutMemory(() => Reflect.construct(f as Function, args()));
        else await call(f, args());
      } catch (error) {
        if (!(error instanceof AdjointError)) found.push(`${name} of ${what}: ${String(error)}`);
      }
    }
  }
  expect(found).toEqual([]);
});

it('leaves no file, no thread and no handle behind', () => {
  // EventWriter of a text makes the folder of that name, as it should.
  expect(readdirSync(folder)).toEqual(['x']);
  expect(handles()).toEqual(open);
});
