import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from 'adjoint';
import { ColumnTransformer, Imputer, OneHotEncoder, OrdinalEncoder, Pipeline, StandardScaler } from 'adjoint/data';
import { readCsv } from 'adjoint/io';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

describe('OrdinalEncoder', () => {
  it('gives positions in the order given', () => {
    const encoder = new OrdinalEncoder({ categories: ['low', 'medium', 'high'] }).fit(['high', 'low']);
    const codes = encoder.transform(['medium', 'high', 'low', 'low']);
    expect([codes.dtype, codes.toArray()]).toEqual(['int32', [1, 2, 0, 0]]);
    expect(encoder.inverse(codes)).toEqual(['medium', 'high', 'low', 'low']);
  });

  it('learns the categories in ascending order', () => {
    expect(new OrdinalEncoder().fit(['b', 'a', 'c', 'a']).categories).toEqual(['a', 'b', 'c']);
    expect(new OrdinalEncoder().fit(tensor(new Int32Array([10, 9, -1]))).categories).toEqual([-1, 9, 10]);
    expect(new OrdinalEncoder().fitTransform([true, false, true]).toArray()).toEqual([1, 0, 1]);
  });
});

describe('OneHotEncoder', () => {
  it('puts 1 in the place of the category', () => {
    const encoder = new OneHotEncoder().fit(['b', 'a', 'c', 'a']);
    const rows = encoder.transform(['c', 'a']);
    expect(rows.toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(encoder.inverse(rows)).toEqual(['c', 'a']);
    expect(encoder.inverse(tensor([[0.2, 0.5, 0.3]]))).toEqual(['b']);
  });

  it('has −1 elsewhere for tanh, and rows without any for what is unknown', () => {
    const encoder = new OneHotEncoder({ off: -1, unknown: 'ignore' }).fit([0, 1, 2]);
    expect(encoder.transform([1, 7]).toArray()).toEqual([
      [-1, 1, -1],
      [-1, -1, -1],
    ]);
  });
});

describe('ColumnTransformer', () => {
  const columns = {
    age: new Float64Array([20, Number.NaN, 40]),
    name: ['x', 'y', 'z'],
    sex: ['f', 'm', 'f'],
    size: ['S', 'L', 'M'],
    alive: [true, false, true],
  };
  const make = () =>
    new ColumnTransformer({
      age: new Pipeline([new Imputer(), new StandardScaler()]),
      sex: new OneHotEncoder(),
      size: new OrdinalEncoder({ categories: ['S', 'M', 'L'] }),
      alive: new Imputer(),
    });
  const expected = [
    [-1.224744871391589, 1, 0, 0, 1],
    [0, 0, 1, 2, 0],
    [1.224744871391589, 1, 0, 1, 1],
  ];

  it('makes features of the columns by name', () => {
    const transformer = make();
    const x = transformer.fitTransform(columns);
    expect([x.shape, x.dtype]).toEqual([[3, 5], 'float32']);
    expect(x.toArray()).toEqual(expected.map((row) => row.map(Math.fround)));
    const [row] = transformer.transform({ ...columns, age: [30], sex: ['m'], size: ['M'], alive: [false] }).toArray();
    expect(row).toEqual([0, 0, 1, 1, 0]);
  });

  it('takes a table that was read', async () => {
    const text = 'age,name,sex,size,alive\n20,x,f,S,true\n,y,m,L,false\n40,z,f,M,true\n';
    const path = join(mkdtempSync(join(tmpdir(), 'columns-')), 'table.csv');
    writeFileSync(path, text);
    const table = await readCsv(path, { types: { sex: 'category' } });
    expect(make().fitTransform(table).toArray()).toEqual(expected.map((row) => row.map(Math.fround)));
    expect(message(() => new ColumnTransformer({ Age: new Imputer() }).fit(table))).toBe(
      "ValueError ColumnTransformer.fit: there is no column 'Age'; there are age, name, sex, size, alive",
    );
  });

  it('passes over labels that are missing, if unknown ones are ignored', () => {
    const encoder = new OneHotEncoder({ unknown: 'ignore' }).fit(['b', null, 'a']);
    expect(encoder.categories).toEqual(['a', 'b']);
    expect(encoder.transform([null, 'b', 'c']).toArray()).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  it('is saved and loaded', () => {
    const loaded = make();
    const state = make().fit(columns).stateDict();
    expect(state.sex).toEqual({ categories: ['f', 'm'] });
    loaded.loadStateDict(state);
    expect(loaded.transform(columns).toArray()).toEqual(expected.map((row) => row.map(Math.fround)));
  });

  it.each<[() => unknown, string]>([
    [() => make().fit({ Age: [1] }), "ValueError ColumnTransformer.fit: there is no column 'age'; there are Age"],
    [
      () => make().fit({ ...columns, sex: ['f'] }),
      'ShapeError ColumnTransformer.fit: columns must be equally long; got lengths 3, 1',
    ],
    [
      () => new ColumnTransformer({ sex: new StandardScaler() }).fit(columns),
      "ValueError ColumnTransformer.fit: column 'sex' must hold numbers; got 'f'; encode it by a OneHotEncoder",
    ],
    [() => new ColumnTransformer({}), 'ValueError ColumnTransformer: a column must be named; got none'],
    [
      () => make().loadStateDict({ age: [] }),
      'FormatError ColumnTransformer.loadStateDict: the state must have the columns age, sex, size, alive; missing: sex, size, alive',
    ],
    [
      () => new OneHotEncoder().fit(['a', 'b']).transform(['c']),
      "ValueError OneHotEncoder.transform: labels must be among the 2 categories; got 'c'",
    ],
    [
      () => new OrdinalEncoder({ categories: [1, 2] }).fit([3]),
      'ValueError OrdinalEncoder.fit: labels must be among the 2 categories; got 3',
    ],
    [
      () => new OrdinalEncoder().transform([1]),
      'StateError OrdinalEncoder: there is nothing learnt yet; call fit, or loadStateDict',
    ],
    [
      () => new OrdinalEncoder().fit(['a', null]),
      'ValueError OrdinalEncoder.fit: categories must be texts, numbers or truth values; got null; name what is missing',
    ],
    [
      () => new OrdinalEncoder({ categories: ['a', 'a'] }),
      'ValueError OrdinalEncoder: categories must be distinct, at least one; got 2 of which 1 differ',
    ],
    [
      () => new OneHotEncoder().loadStateDict({ categories: [{}] as never }),
      'FormatError OneHotEncoder.loadStateDict: categories must be texts, numbers or truth values; got [object Object]; name what is missing',
    ],
    [
      () => new OneHotEncoder().loadStateDict({ categories: 'ab' as never }),
      'FormatError OneHotEncoder.loadStateDict: categories must be an array; got ab',
    ],
    [
      () => new OneHotEncoder().fit([1, 2]).inverse(tensor([1, 2])),
      'ShapeError OneHotEncoder.inverse: scores must be [n, 2], one a category; got shape [2]',
    ],
    [
      () => new OrdinalEncoder().fit([5, 6]).inverse(tensor([2])),
      'ValueError OrdinalEncoder.inverse: codes must be whole numbers from 0 to 1; got 2',
    ],
  ])('states its error: %s', (call, says) => {
    expect(message(call)).toBe(says);
  });
});
