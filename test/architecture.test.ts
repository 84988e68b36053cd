import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/*
 * The house: what a room may import is beside it or below it. Types are free, since they are gone when the code runs.
 */

const floors = [
  ['core'],
  ['backend'],
  ['tensor'],
  ['ops'],
  ['autodiff'],
  ['capture'],
  ['nn', 'optim', 'distributions'],
  ['data', 'metrics', 'plot', 'io', 'profile', 'stats'],
  ['train'],
  ['search', 'diagnose'],
];

const root = fileURLToPath(new URL('..', import.meta.url));
const lib = join(root, 'lib');

interface Import {
  from: string;
  to: string;
}

/** Paths of TypeScript files within lib/, as `ops/add.ts`. */
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(sep).join('/'));

const source = (file: string): string => readFileSync(join(lib, file), 'utf8');
const room = (file: string): string => file.split('/')[0];
/** What is no room of the list is a system, written with all of them: the top floor. */
const floor = (file: string): number => {
  const found = floors.findIndex((rooms) => rooms.includes(room(file)));
  return found < 0 ? floors.length : found;
};

/** Imports and re-exports that remain when the types are gone. */
function valueImports(file: string): Import[] {
  const statement =
    /^(?:import|export)\s+(?!type\b)(?:[\w*{][^;'"]*?\sfrom\s+)?'(\.[^']*)';|(?<!typeof )\bimport\('(\.[^']*)'\)/gm;
  return [...source(file).matchAll(statement)].map(([, fixed, dynamic]) => ({
    from: file,
    to: relative(lib, join(lib, dirname(file), fixed ?? dynamic))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '.ts'),
  }));
}

const imports = files.flatMap(valueImports);

/** Walks the graph of value imports; returns the first cycle, as the names on it. */
function cycle(edges: readonly Import[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return [];
    done.add(name);
    for (const other of next.get(name) ?? []) {
      const found = visit(other, [...path, name]);
      if (found.length > 0) return found;
    }
    return [];
  };
  for (const name of next.keys()) {
    const found = visit(name, []);
    if (found.length > 0) return found;
  }
  return [];
}

/** A file and all that it loads. */
function reached(file: string): Set<string> {
  const found = new Set([file]);
  for (const name of found) for (const { from, to } of imports) if (from === name) found.add(to);
  return found;
}

describe('lib/', () => {
  it('imports only files that are there', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter(({ to }) => !files.includes(to))).toEqual([]);
  });

  it('imports sideways and down, never up', () => {
    const inside = imports.filter(({ from }) => from.includes('/'));
    expect(inside.filter(({ from, to }) => floor(to) > floor(from) || !to.includes('/'))).toEqual([]);
  });

  it('loads what is said of a kernel wherever that is run', () => {
    const said = new Map<string, string>();
    for (const file of files)
      for (const [, name] of source(file).matchAll(/^(?:kernel|stepKernel)\(\s*'(\w+)'/gm)) said.set(name, file);
    expect(said.size).toBeGreaterThan(40);
    const unsaid = files.flatMap((file) => {
      const loaded = reached(file);
      return [...source(file).matchAll(/(?<![.#])\brun\('(\w+)'/g)]
        .filter(([, name]) => !loaded.has(said.get(name) ?? ''))
        .map(([call]) => `${file}: ${call}`);
    });
    // The example in a comment.
    expect(unsaid).toEqual(["tensor/op.ts: run('sin'"]);
  });

  it('gives tensors their methods through every door of the package that tensors come through', () => {
    const doors = ['index.ts', 'data/index.ts', 'distributions/index.ts', 'io/index.ts', 'nn/index.ts'];
    expect(doors.filter((door) => !reached(door).has('ops/methods.ts'))).toEqual([]);
  });

  it('has no circle of rooms', () => {
    const rooms = imports
      .map(({ from, to }) => ({ from: room(from), to: room(to) }))
      .filter(({ from, to }) => from !== to);
    expect(cycle(rooms)).toEqual([]);
  });

  it.each(files.filter((file) => /^(\w+\/)*index\.ts$/.test(file)))('%s is a list of names', (file) => {
    const statements = source(file)
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    const list = /^(export (type )?(\*( as \w+)?|\{[^}]*\}) from|import) '[^']+'$/;
    expect(statements.filter((statement) => !list.test(statement))).toEqual([]);
  });
});
