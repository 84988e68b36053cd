/*
 * Tables of all ops and modules, made of their specs and docstrings: what is written there is what the suite holds.
 *
 *     npm run docs        # these tables, then the pages of every export, to .docs/pages
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Doc {
  readonly name: string;
  readonly kind: 'class' | 'const' | 'function';
  /** The docstring without its stars; '' for none. */
  readonly text: string;
}

const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${root}${folder}/${name.split(sep).join('/')}`);

/** What a source file declares and exports, with the comment above each. */
export function docsOf(source: string): Doc[] {
  const declaration = /^export (?:abstract |async )?(class|const|function)\*? (?:\{([^}]*)\}|(\w+))/gm;
  const docs = [...source.matchAll(declaration)].flatMap(({ 1: kind, 2: several, 3: one, index }) => {
    const [, comment = ''] = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n$/.exec(source.slice(0, index)) ?? [];
    const text = comment.replace(/^\s*\* ?/gm, '').trim();
    const names = several === undefined ? [one] : several.split(',').map((name) => name.trim());
    return names.map((name) => ({ name, kind: kind as Doc['kind'], text }));
  });
  // Of several signatures the first has the comment.
  return docs.filter(({ name }, i) => docs.findIndex((doc) => doc.name === name) === i);
}

const declared = (folder: string): Map<string, Doc> =>
  new Map(
    filesOf(folder, '.ts').flatMap((file) => docsOf(readFileSync(file, 'utf8')).map((doc) => [doc.name, doc] as const)),
  );

/** The first sentence of a docstring. */
export const summaryOf = (text: string): string =>
  (/^[\s\S]*?(?:[.:;](?=\s|$)|(?=\n\n)|$)/.exec(text.split(/^@/m)[0])?.[0] ?? '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[:;]$/, '.')
    .trim();

/** Paper, equation or line of a document; '' where a formula needs none. */
export const sourceOf = (text: string): string =>
  (/^@source\s+([\s\S]*?)(?=^@|(?![\s\S]))/m.exec(text)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim();

export interface OpRow {
  readonly name: string;
  readonly summary: string;
  readonly dtypes: readonly string[];
  /** Up to which order derivatives are checked; 0 for none. */
  readonly orders: number;
  readonly source: string;
}

/** A row for each op that has a spec, by name. Specs run on both backends, with third derivatives unless they say why not. */
export function opRows(): OpRow[] {
  const docs = declared('lib/ops');
  const rows = new Map<string, { dtypes: Set<string>; orders: number }>();
  for (const file of filesOf('test/ops', '.test.ts')) {
    const pieces = readFileSync(file, 'utf8').split(/^(spec|unary)\(/m);
    for (let i = 1; i < pieces.length; i += 2) {
      const [kind, whole] = [pieces[i], pieces[i + 1]];
      const [text] = whole.split(/^\}?\);$|^describe|^it/m);
      const [, name] = /^\s*'(\w+)'/.exec(text) ?? [];
      if (name === undefined) continue;
      const row = rows.get(name) ?? { dtypes: new Set<string>(), orders: 0 };
      const stated = [...text.matchAll(/dtype: '(\w+)'/g)].flatMap(([, dtype]) => (dtype === 'float' ? [] : [dtype]));
      // A spec of one number takes every dtype there is.
      const taken = kind === 'unary' ? ['int32', 'uint8', 'bool', 'bfloat16'] : stated;
      for (const dtype of ['float32', 'float64', ...taken]) row.dtypes.add(dtype);
      if (!/differentiable: (false|'elsewhere')/.test(text)) row.orders = 3;
      rows.set(name, row);
    }
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dtypes, orders }]) => {
      const { text = '' } = docs.get(name) ?? {};
      return { name, summary: summaryOf(text), dtypes: [...dtypes], orders, source: sourceOf(text) };
    });
}

/** A row for each module that has a spec: in float32 and float64, with second derivatives by inputs and parameters. */
export function moduleRows(): Pick<OpRow, 'name' | 'summary' | 'source'>[] {
  const docs = declared('lib/nn');
  const specs = filesOf('test/nn', '.test.ts').flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/^\w+Spec\(\s*'(\w+)/gm),
  ]);
  return [...new Set(specs.map(([, name]) => name))].sort().map((name) => {
    const { text = '' } = docs.get(name) ?? {};
    return { name, summary: summaryOf(text), source: sourceOf(text) };
  });
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |\n`)
    .join('');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = `${root}.docs/pages`;
  mkdirSync(pages, { recursive: true });
  const ops = opRows().map(({ name, summary, dtypes, orders, source }) => [
    `\`${name}\``,
    summary,
    dtypes.join(', '),
    orders === 0 ? 'none' : `1 … ${orders}`,
    source,
  ]);
  const modules = moduleRows().map(({ name, summary, source }) => [`\`${name}\``, summary, source]);
  writeFileSync(
    `${pages}/ops.md`,
    `---\ntitle: Ops\n---\n\nEvery op runs on both backends, native and reference, eager and captured. Orders are those of the derivatives that the suite checks.\n\n${table(['op', 'what it computes', 'dtypes in its spec', 'derivatives', 'source'], ops)}`,
  );
  writeFileSync(
    `${pages}/modules.md`,
    `---\ntitle: Modules\n---\n\nEvery module runs on both backends, eager and captured, in float32 and float64, with derivatives of the first and the second order by its inputs and parameters.\n\n${table(['module', 'what it does', 'source'], modules)}`,
  );
  console.log(`${ops.length} ops and ${modules.length} modules: .docs/pages/ops.md, .docs/pages/modules.md`);
}
