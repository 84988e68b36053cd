import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { docsOf, moduleRows, opRows, sourceOf, summaryOf } from '../.docs/tables.js';

/* The reference is made of docstrings and specs: nothing public is without words. */

const lib = fileURLToPath(new URL('../lib', import.meta.url));
const read = (file: string): string => readFileSync(join(lib, file), 'utf8');

/** What an index and those it passes on export: files and names in them. */
function exported(index: string): [file: string, name: string][] {
  return [...read(index).matchAll(/^export (?:type )?(\{[^}]*\}|\*(?: as \w+)?) from '\.\/?([^']*)\.js'/gm)].flatMap(
    ([, names, path]) => {
      const file = join(dirname(index), `${path}.ts`);
      if (/(^|\/)index\.ts$/.test(file) || names.startsWith('*')) return exported(file);
      return names
        .slice(1, -1)
        .split(',')
        .map((name) => name.trim().replace(/^type | as \w+$/g, ''))
        .filter((name) => name !== '')
        .map((name): [string, string] => [file, name]);
    },
  );
}

const rooms = readdirSync(lib).filter((name) => existsSync(join(lib, name, 'index.ts')));
const indexes = ['index.ts', ...rooms.map((name) => `${name}/index.ts`)];
const names = [
  ...new Map(indexes.flatMap(exported).map(([file, name]) => [`${file} ${name}`, { file, name }])).values(),
];

describe('public exports', () => {
  it('have a docstring each, if they are there at run time', () => {
    expect(names.length).toBeGreaterThan(900);
    const silent = names.filter(({ file, name }) =>
      docsOf(read(file)).some((doc) => doc.name === name && doc.text === ''),
    );
    expect(silent).toEqual([]);
  });

  it('are told by a sentence, and sources by what can be looked up', () => {
    const docs = names.flatMap(({ file, name }) => docsOf(read(file)).filter((doc) => doc.name === name));
    expect(docs.length).toBeGreaterThan(600);
    for (const { name, text } of docs) {
      expect(summaryOf(text), name).toMatch(/^\S.*[.)\]…]$/);
      if (/^@source/m.test(text)) expect(sourceOf(text), name).not.toBe('');
    }
  });
});

it('each option of what is public says what it is', () => {
  const options = [...new Set(names.map(({ file }) => file))].flatMap((file) =>
    [...read(file).matchAll(/^export interface (\w+Options)\b[^{\n]*\{\n(.*?)^\}/gms)].flatMap(([, name, body]) =>
      body.split('\n').flatMap((line, i, lines) => {
        const [, option] = /^ {2}(?:readonly )?(\w+)\??[:(]/.exec(line) ?? [];
        return option === undefined ? [] : [{ option: `${name}.${option}`, isTold: lines[i - 1]?.endsWith('*/') }];
      }),
    ),
  );
  expect(options.length).toBeGreaterThan(300);
  expect(options.filter(({ isTold }) => !isTold)).toEqual([]);
});

describe('the tables', () => {
  it('have a row for each op and each module, with what it does', () => {
    const [ops, modules] = [opRows(), moduleRows()];
    expect(ops.length).toBeGreaterThan(250);
    expect(modules.length).toBeGreaterThan(150);
    for (const { name, summary } of [...ops, ...modules]) expect(summary, name).not.toBe('');
    const row = (name: string) => ops.find((one) => one.name === name);
    expect(row('conv2d')).toMatchObject({ dtypes: ['float32', 'float64'], orders: 3 });
    expect(row('argmax')).toMatchObject({ orders: 0 });
    expect(row('gelu')?.source).toContain('arXiv:1606.08415');
    expect(row('sin')?.dtypes).toContain('int32');
  });

  it('read docstrings', () => {
    const source =
      '/** Not this. */\n\n/**\n * One thing; and more.\n *\n * @param x  not this\n * @source A 2000,\n *   page 1\n */\nexport const f = 1;\nexport class G {}\n';
    const [f, g] = docsOf(source);
    expect([f.name, f.kind, summaryOf(f.text), sourceOf(f.text)]).toEqual([
      'f',
      'const',
      'One thing.',
      'A 2000, page 1',
    ]);
    expect(g).toEqual({ name: 'G', kind: 'class', text: '' });
  });
});
