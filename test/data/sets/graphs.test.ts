import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCora, readKarateClub, readOmniglot } from 'adjoint/data';
import { encodeIdx } from 'adjoint/io';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adjoint-sets-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes files, reads them as a set, and tells the error if there is one. */
async function read<T>(reader: (folder: string) => Promise<T>, files: Record<string, string | Uint8Array>) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return reader(folder);
}
const refused = (reader: (folder: string) => Promise<unknown>, files: Record<string, string | Uint8Array>) =>
  read(reader, files).then(
    () => 'no error',
    (error: Error) => `${error.name} ${error.message.replaceAll(folder, 'FOLDER')}`,
  );

const cora = {
  'nodes.csv': 'node,label,split\n0,3,train\n1,4,val\n2,6,test\n3,0,none\n',
  'edges.csv': 'source,target\n0,1\n1,3\n',
  'features.txt': '0 1432\n\n7\n8 9 10\n',
};

it('readCora', async () => {
  const { features, edges, labels, train, validation, test } = await read(readCora, cora);
  expect(features.shape).toEqual([4, 1433]);
  const ones = [...features.data()].flatMap((one, i) => (one === 1 ? [i] : []));
  expect(ones).toEqual([0, 1432, 2 * 1433 + 7, 3 * 1433 + 8, 3 * 1433 + 9, 3 * 1433 + 10]);
  expect(edges.toArray()).toEqual([
    [0, 1],
    [1, 3],
  ]);
  expect(labels.toArray()).toEqual([3, 4, 6, 0]);
  expect([train, validation, test].map((mask) => mask.toArray())).toEqual([
    [true, false, false, false],
    [false, true, false, false],
    [false, false, true, false],
  ]);
});

it.each([
  [
    'nodes out of turn',
    { 'nodes.csv': 'node,label,split\n0,3,train\n2,4,val\n' },
    'nodes.csv: nodes must be numbered 0, 1, …; row 2 is not',
  ],
  [
    'an edge to nowhere',
    { 'edges.csv': 'source,target\n0,4\n' },
    'edges.csv: row 1: a node must be within 0 … 3; got 4',
  ],
  [
    'a word too many',
    { 'features.txt': '1433\n\n\n\n' },
    'features.txt: line 1: a word must be within 0 … 1432; got "1433"',
  ],
  ['a line too few', { 'features.txt': '1\n2\n3\n' }, 'features.txt must have 4 lines, one for every node; it has 3'],
  [
    'another table',
    { 'edges.csv': 'from,to\n0,1\n' },
    "edges.csv: readCsv: types: there is no column 'source'; there are from, to",
  ],
  [
    'a node of no split',
    { 'nodes.csv': 'node,label,split\n0,3,\n' },
    'nodes.csv: row 1, column "split": must not be missing',
  ],
])('readCora refuses %s', async (_, change, says) => {
  expect(await refused(readCora, { ...cora, ...change })).toBe(`FormatError readCora: FOLDER/${says}`);
});

it('readKarateClub', async () => {
  const { edges, weights, labels, clubs } = await read(readKarateClub, {
    'edges.csv': 'source,target,weight\n0,1,4\n0,2,5\n',
    'labels.csv': 'node,club\n0,Officer\n1,Mr. Hi\n2,Officer\n',
  });
  expect(edges.toArray()).toEqual([
    [0, 0],
    [1, 2],
  ]);
  expect([weights.dtype, weights.toArray()]).toEqual(['float32', [4, 5]]);
  expect([labels.toArray(), clubs]).toEqual([
    [1, 0, 1],
    ['Mr. Hi', 'Officer'],
  ]);
});

const omniglot = {
  'images-idx3-ubyte': encodeIdx('uint8', [3, 105, 105], new Uint8Array(3 * 105 * 105).fill(255, 0, 10)),
  'index.csv': 'class,alphabet,character,drawer\n0,Greek,character01,1\n0,Greek,character01,2\n1,Greek,character02,1\n',
};

it('readOmniglot', async () => {
  const { images, labels, drawers, characters } = await read(readOmniglot, omniglot);
  expect([images.dtype, images.shape, images.data()[9], images.data()[10]]).toEqual(['uint8', [3, 105, 105], 255, 0]);
  expect([labels.toArray(), drawers.toArray()]).toEqual([
    [0, 0, 1],
    [1, 2, 1],
  ]);
  expect(characters).toEqual([
    { alphabet: 'Greek', character: 'character01' },
    { alphabet: 'Greek', character: 'character02' },
  ]);
});

it.each([
  [
    'other pictures',
    { 'images-idx3-ubyte': encodeIdx('uint8', [3, 2, 2], new Uint8Array(12)) },
    'images-idx3-ubyte must hold uint8 [n, 105, 105]; it holds uint8 [3, 2, 2]',
  ],
  [
    'another number of rows',
    { 'index.csv': 'class,alphabet,character,drawer\n0,a,b,1\n' },
    'index.csv must have 3 rows, one for every picture; it has 1',
  ],
  [
    'classes out of turn',
    { 'index.csv': 'class,alphabet,character,drawer\n0,a,b,1\n2,a,c,1\n1,a,d,1\n' },
    'index.csv: row 2: classes must be numbered in turn, one a character; got 2 for a, c',
  ],
])('readOmniglot refuses %s', async (_, change, says) => {
  expect(await refused(readOmniglot, { ...omniglot, ...change })).toBe(`FormatError readOmniglot: FOLDER/${says}`);
});
