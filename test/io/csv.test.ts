import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CsvOptions, parseCsv, readCsv, streamCsv, type Table } from 'adjoint/io';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DTypeError, FormatError, ValueError } from '../../lib/core/errors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

const refused = (text: string | Uint8Array, options: CsvOptions = {}): Promise<string> =>
  parseCsv(text, options, 'a.csv').then(
    () => 'no error',
    (error: Error) => `${error.name} ${error.message}`,
  );
const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const passengers = `name,age,fare,deck,survived,alone
"Braund, Mr. ""O""",22,7.25,,0,False
Cumings,38,71.2833,C,1,TRUE
Heikkinen,NA,7,B,1,true
`;

describe('parseCsv', () => {
  it('infers what columns hold', async () => {
    const table = await parseCsv(passengers);
    expect(table.length).toBe(3);
    expect(Object.fromEntries(table.columns)).toEqual({
      name: { type: 'string', values: ['Braund, Mr. "O"', 'Cumings', 'Heikkinen'] },
      age: { type: 'number', values: Float64Array.of(22, 38, NaN) },
      fare: { type: 'number', values: Float64Array.of(7.25, 71.2833, 7) },
      deck: { type: 'string', values: [null, 'C', 'B'] },
      survived: { type: 'integer', values: Int32Array.of(0, 1, 1) },
      alone: { type: 'boolean', values: Uint8Array.of(0, 1, 1) },
    });
  });

  it('reads columns as it is told', async () => {
    const types: CsvOptions['types'] = {
      name: 'category',
      age: 'number',
      fare: 'string',
      deck: ['C', 'B', 'A'],
      survived: 'boolean',
      alone: 'category',
    };
    expect(Object.fromEntries((await parseCsv(passengers, { types })).columns)).toEqual({
      name: {
        type: 'category',
        values: Int32Array.of(0, 1, 2),
        categories: ['Braund, Mr. "O"', 'Cumings', 'Heikkinen'],
      },
      age: { type: 'number', values: Float64Array.of(22, 38, NaN) },
      fare: { type: 'string', values: ['7.25', '71.2833', '7'] },
      deck: { type: 'category', values: Int32Array.of(-1, 0, 1), categories: ['C', 'B', 'A'] },
      survived: { type: 'boolean', values: Uint8Array.of(0, 1, 1) },
      alone: { type: 'category', values: Int32Array.of(0, 1, 2), categories: ['False', 'TRUE', 'true'] },
    });
  });

  it.each<[string, string, CsvOptions, [string, string, unknown][]]>([
    [
      'no header',
      '1;2\n3;4',
      { header: false, delimiter: ';' },
      [
        ['column1', 'integer', Int32Array.of(1, 3)],
        ['column2', 'integer', Int32Array.of(2, 4)],
      ],
    ],
    [
      'names of the caller',
      '1,x',
      { header: ['a', 'b'] },
      [
        ['a', 'integer', Int32Array.of(1)],
        ['b', 'string', ['x']],
      ],
    ],
    [
      'other missing values',
      'a\n?\n 1.5 \n-',
      { missing: ['?', '-'] },
      [['a', 'number', Float64Array.of(NaN, 1.5, NaN)]],
    ],
    [
      'a byte order mark and Windows lines',
      '\ufeffa,b\r\n1,2\r\n',
      {},
      [
        ['a', 'integer', Int32Array.of(1)],
        ['b', 'integer', Int32Array.of(2)],
      ],
    ],
    ['empty lines', 'a\n\n1\n\n2\n\n', {}, [['a', 'integer', Int32Array.of(1, 2)]]],
    [
      'a line break in quotes',
      'a,b\n"1\n2",3',
      {},
      [
        ['a', 'string', ['1\n2']],
        ['b', 'integer', Int32Array.of(3)],
      ],
    ],
    [
      'no rows',
      'a,b\n',
      {},
      [
        ['a', 'integer', Int32Array.of()],
        ['b', 'integer', Int32Array.of()],
      ],
    ],
    [
      'nothing but missing values',
      'a,b\n,1\n,2',
      {},
      [
        ['a', 'number', Float64Array.of(NaN, NaN)],
        ['b', 'integer', Int32Array.of(1, 2)],
      ],
    ],
    [
      'numbers as Python writes them',
      'a\n-inf\nInfinity\n1e-3\n.5\n5.\n+2',
      {},
      [['a', 'number', Float64Array.of(-Infinity, Infinity, 1e-3, 0.5, 5, 2)]],
    ],
    [
      'numbers that are none',
      'a,b,c,d\n0x10,1_000,--1,1e',
      {},
      [
        ['a', 'string', ['0x10']],
        ['b', 'string', ['1_000']],
        ['c', 'string', ['--1']],
        ['d', 'string', ['1e']],
      ],
    ],
    [
      'integers that int32 has not',
      'a\n2147483647\n2147483648',
      {},
      [['a', 'number', Float64Array.of(2147483647, 2147483648)]],
    ],
    [
      'names that objects have',
      '__proto__,constructor\n1,2',
      {},
      [
        ['__proto__', 'integer', Int32Array.of(1)],
        ['constructor', 'integer', Int32Array.of(2)],
      ],
    ],
  ])('reads %s', async (_, text, options, expected) => {
    const table = await parseCsv(text, options);
    expect([...table.columns].map(([name, { type, values }]) => [name, type, values])).toEqual(expected);
  });

  it.each<[string, string | Uint8Array, CsvOptions, string]>([
    [
      'a text among numbers',
      'a,b\n1,2\n3,x',
      { types: { b: 'number' } },
      'row 2, column "b": must be a number; got "x"',
    ],
    [
      'a fraction among integers',
      'a\n1.5',
      { types: { a: 'integer' } },
      'row 1, column "a": must be a whole number from -2147483648 to 2147483647; got "1.5"',
    ],
    [
      'a hole among integers',
      'a,b\n,1',
      { types: { a: 'integer' } },
      "row 1, column \"a\": must not be missing; read the column as 'number' or 'category'",
    ],
    [
      'a third truth',
      'a\nmaybe',
      { types: { a: 'boolean' } },
      'row 1, column "a": must be true, false, 1 or 0; got "maybe"',
    ],
    ['an unknown category', 'a\nz', { types: { a: ['x', 'y'] } }, 'row 1, column "a": must be one of "x, y"; got "z"'],
    ['a short row', 'a,b\n1,2\n3\n', {}, 'row 2 must have 2 fields, as many as there are columns; got 1'],
    ['a long row', 'a,b\n1,2,3', {}, 'row 1 must have 2 fields, as many as there are columns; got 3'],
    ['a name twice', 'a,b,a\n', {}, 'the columns\' names must differ; "a" is repeated'],
    ['an empty text', '', {}, 'the header is missing: the text is empty'],
    ['other bytes', Uint8Array.of(0x61, 0x0a, 0xff), {}, 'the text must be UTF-8; convert it first'],
    [
      'a quote within a field',
      'a\n1"2',
      {},
      'Invalid Opening Quote: a quote is found on field 0 at line 2, value is "1"',
    ],
    [
      'a quote without end',
      'a\n"1\n2',
      {},
      'Quote Not Closed: the parsing is finished with an opening quote at line 3',
    ],
  ])('refuses %s', async (_, text, options, says) => {
    expect(await refused(text, options)).toBe(`FormatError csv: a.csv: ${says}`);
  });

  it('refuses options that make no sense', async () => {
    expect(await refused('a', { delimiter: '::' })).toBe(
      'ValueError parseCsv: delimiter must be one character, no quote and no line break; got "::"',
    );
    expect(await refused('a', { types: { a: 'float' as 'number' } })).toBe(
      "ValueError parseCsv: type of 'a' must be 'number', 'integer', 'boolean', 'string' or 'category'; got 'float'",
    );
    expect(await refused('a,b', { types: { c: 'number' } })).toBe(
      "ValueError parseCsv: types: there is no column 'c'; there are a, b",
    );
    expect(await refused('1,2', { header: ['a', 'a'] })).toBe(
      'ValueError parseCsv: the columns\' names must differ; "a" is repeated',
    );
  });

  it('gives back any texts', async () => {
    const cell = fc.string({ unit: 'binary' });
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      );
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const names = rows[0].map((_, i) => `c${i}`);
        const lines = [names, ...rows].map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const types = Object.fromEntries(names.map((name) => [name, 'string' as const]));
        const table = await parseCsv(lines.join('\n'), { types, missing: [] });
        const columns = names.map((name) => table.column(name).values as string[]);
        expect(rows.map((_, i) => columns.map((column) => column[i]))).toEqual(rows);
      }),
    );
  });
});

describe('Table.toTensor', () => {
  it('makes tensors of columns', async () => {
    const table = await parseCsv(passengers, { types: { name: 'category' } });
    expect(table.names).toEqual(['name', 'age', 'fare', 'deck', 'survived', 'alone']);
    const x = table.toTensor(['survived', 'age', 'alone']);
    expect([x.dtype, x.toArray()]).toEqual([
      'float32',
      [
        [0, 22, 0],
        [1, 38, 1],
        [1, NaN, 1],
      ],
    ]);
    expect(table.toTensor(['fare'], { dtype: 'float64' }).toArray()).toEqual([[7.25], [71.2833], [7]]);
    const dtypes = ['name', 'fare', 'survived', 'alone'].map((name) => table.toTensor(name).dtype);
    expect(dtypes).toEqual(['int32', 'float32', 'int32', 'bool']);
    expect(table.toTensor('name').toArray()).toEqual([0, 1, 2]);
  });

  it('refuses texts, missing categories, and columns that are not there', async () => {
    const table = await parseCsv(passengers, { types: { deck: 'category' } });
    expect(() => table.toTensor('name')).toThrow(
      new DTypeError(
        "Table.toTensor: column 'name' must hold numbers; it holds texts; read it as 'category', or with its type",
      ),
    );
    expect(() => table.toTensor('deck')).toThrow(
      new ValueError("Table.toTensor: column 'deck' must not be missing; row 1 is"),
    );
    expect(() => table.toTensor(['age', 'deck'])).toThrow(
      new ValueError(
        "Table.toTensor: column 'deck' is a category, whose positions are no quantities; encode it by oneHot(table.toTensor('deck'))",
      ),
    );
    expect(() => table.column('Age')).toThrow(
      new ValueError("Table.column: there is no column 'Age'; there are name, age, fare, deck, survived, alone"),
    );
  });
});

describe('readCsv and streamCsv', () => {
  it('read the same, in one table or in several', async () => {
    const path = join(folder, 'p.csv');
    await writeFile(path, passengers);
    expect((await readCsv(path)).columns).toEqual((await parseCsv(passengers)).columns);
    const tables: Table[] = await gather(streamCsv(path, { rows: 2 }));
    expect(tables.map(({ length }) => length)).toEqual([2, 1]);
    expect(tables.map((table) => table.column('age').values)).toEqual([Float64Array.of(22, 38), Float64Array.of(NaN)]);
    // Whole numbers of the first rows do not mean that all are.
    expect(tables.map((table) => table.column('survived').type)).toEqual(['number', 'number']);
    expect(tables[1].column('name').values).toEqual(['Heikkinen']);
  });

  it('name the row of a later table', async () => {
    const path = join(folder, 'late.csv');
    await writeFile(path, `a\n${'1\n'.repeat(5)}x\n`);
    await expect(gather(streamCsv(path, { rows: 2 }))).rejects.toThrow(
      new FormatError(`csv: ${path}: row 6, column "a": must be a number; got "x"`),
    );
    await writeFile(path, Uint8Array.of(0x61, 0x0a, 0xc3, 0x0a));
    await expect(gather(streamCsv(path))).rejects.toThrow(
      new FormatError(`csv: ${path}: the text must be UTF-8; convert it first`),
    );
    await writeFile(path, '');
    await expect(gather(streamCsv(path))).rejects.toThrow(
      new FormatError(`csv: ${path}: the header is missing: the text is empty`),
    );
  });

  it('can be left early', async () => {
    const path = join(folder, 'long.csv');
    await writeFile(path, `a\n${'1\n'.repeat(200_000)}`);
    let tables = 0;
    for await (const { length } of streamCsv(path, { rows: 10 })) {
      expect(length).toBe(10);
      if (++tables === 3) break;
    }
    await rm(path);
    await expect(gather(streamCsv(path))).rejects.toThrow(
      new FormatError(`streamCsv: no file ${path}; check the path`),
    );
  });

  it('need the values of a category that comes piece by piece', async () => {
    await expect(gather(streamCsv('x.csv', { types: { kind: 'category' } }))).rejects.toThrow(
      new ValueError(
        "streamCsv: column 'kind' must list its categories, since later rows may bring more; write types: { kind: ['a', 'b'] }",
      ),
    );
  });
});
