import { join } from 'node:path';
import {
  AsyncDataLoader,
  BytePairTokenizer,
  CharacterTokenizer,
  cifar10Classes,
  ImageFolder,
  readCifar10,
  readCora,
  readKarateClub,
  readMnist,
  readOmniglot,
  readPolarity,
  readShakespeare,
  readTatoeba,
  WordTokenizer,
} from 'adjoint/data';
import { type CsvOptions, readCsv, readIdx, readImage, type Table } from 'adjoint/io';
import { describe, expect, it } from 'vitest';

/*
 * The real sets, read by the public loaders: ADJOINT_DATA names the folder that holds theirs.
 */

const data = process.env['ADJOINT_DATA'] as string;
const folder = (name: string): string => join(data, name);
const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) if (!Number.isNaN(value)) total += value;
  return total;
};
const counts = (labels: Iterable<number>): number[] => {
  const found: number[] = [];
  for (const label of labels) found[label] = (found[label] ?? 0) + 1;
  return found;
};

describe('sets on this disk', () => {
  it('mnist', async () => {
    const { train, test } = await readMnist(folder('mnist'));
    expect([train.images.shape, test.images.shape]).toEqual([
      [60000, 28, 28],
      [10000, 28, 28],
    ]);
    expect(counts(train.labels.data())).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    // The mean pixel of MNIST's training images, 0.1307.
    expect(sum(train.images.data()) / (60000 * 784 * 255)).toBeCloseTo(0.1307, 4);
  });

  it('cifar10-subset', async () => {
    const { train, test } = await readCifar10(folder('cifar10-subset'), {
      train: ['train_10000.bin'],
      test: ['test_2000.bin'],
    });
    expect([train.images.shape, test.images.shape]).toEqual([
      [10000, 3, 32, 32],
      [2000, 3, 32, 32],
    ]);
    expect(counts(train.labels.data())).toEqual(cifar10Classes.map(() => 1000));
    expect(counts(test.labels.data())).toEqual(cifar10Classes.map(() => 200));
    expect([sum(train.images.data()), sum(test.images.data())]).toEqual([3696756049, 739953217]);
  });

  it('omniglot-small1', async () => {
    const { images, labels, drawers, characters } = await readOmniglot(folder('omniglot-small1'));
    expect(images.shape).toEqual([2720, 105, 105]);
    expect(counts(labels.data())).toEqual(characters.map(() => 20));
    expect([characters.length, new Set(characters.map(({ alphabet }) => alphabet)).size]).toEqual([136, 5]);
    expect(counts(drawers.data()).slice(1)).toEqual(Array(20).fill(136));
    expect(sum(images.data()) / 255).toBe(2286596);
  });

  it('tinyshakespeare, and its texts come back from tokens', async () => {
    const { train, validation } = await readShakespeare(folder('tinyshakespeare'));
    const text = train + validation;
    expect([train.length, validation.length]).toEqual([1003854, 111540]);
    const characters = CharacterTokenizer.train(text);
    expect(characters.size).toBe(65);
    expect(characters.decode(characters.encode(text)) === text).toBe(true);
    const pairs = BytePairTokenizer.train(text, { merges: 1000 });
    const ids = pairs.encode(text);
    expect([pairs.size, ids.length]).toEqual([1256, 435674]);
    expect(pairs.decode(ids) === text).toBe(true);
  });

  it('movie-review-polarity', async () => {
    const { sentences, labels } = await readPolarity(folder('movie-review-polarity'));
    expect(counts(labels.data())).toEqual([5331, 5331]);
    expect(sentences[0]).toBe('simplistic , silly and tedious .');
    expect(sentences[5331 + 43]).toMatch(/^'compleja e intelectualmente retadora , el ladrón de orquídeas/);
    const words = WordTokenizer.train(sentences, { punctuation: 'attached' });
    const unknown = sentences
      .flatMap((sentence) => [...words.encode(sentence)])
      .filter((id) => id === words.specials.unk);
    expect(unknown).toEqual([]);
  });

  it('tatoeba-eng-fra', async () => {
    const pairs = await readTatoeba(join(folder('tatoeba-eng-fra'), 'eng-fra.txt'));
    expect(pairs.length).toBe(5000);
    const { source, target, attribution } = pairs[4999];
    expect([source, target]).toEqual(["I'm so tired!", 'Je suis si fatigué\u202f!']);
    expect(attribution).toMatch(/^CC-BY 2.0 \(France\) Attribution: tatoeba.org #967876/);
  });

  it('images', async () => {
    const shapes: Record<string, [number[], number]> = {};
    for (const name of ['astronaut.png', 'camera.png', 'chelsea.png', 'coffee.png', 'coins.png', 'rocket.jpg']) {
      const image = await readImage(join(folder('images'), name), { layout: 'hwc' });
      shapes[name] = [image.shape, sum(image.data())];
    }
    expect(shapes).toEqual({
      'astronaut.png': [[512, 512, 3], 90124324],
      'camera.png': [[512, 512, 3], 101497485],
      'chelsea.png': [[300, 451, 3], 46802357],
      'coffee.png': [[400, 600, 3], 71003487],
      'coins.png': [[303, 384, 3], 33807999],
      'rocket.jpg': [[427, 640, 3], 53516744],
    });
    // The folder as a class of its own.
    const pictures = new ImageFolder(data!, { size: [32, 48] });
    const only = pictures.files.filter(({ label }) => pictures.classes[label] === 'images');
    expect(only).toHaveLength(6);
    const loader = new AsyncDataLoader(pictures, { batchSize: 4 });
    const shapesOf: number[][] = [];
    for await (const [x] of loader) shapesOf.push([...x.shape]);
    expect(shapesOf).toEqual([
      [4, 3, 32, 48],
      [2, 3, 32, 48],
    ]);
  });

  it('cora', async () => {
    const { features, edges, labels, train, validation, test } = await readCora(folder('cora'));
    expect([features.shape, edges.shape, labels.shape]).toEqual([[2708, 1433], [2, 5278], [2708]]);
    expect(sum(features.data())).toBe(49216);
    expect([train, validation, test].map((mask) => sum(mask.data()))).toEqual([140, 500, 1000]);
    expect(counts(labels.data())).toEqual([351, 217, 418, 818, 426, 298, 180]);
    // Twenty of each class.
    expect(counts([...labels.data()].filter((_, i) => train.data()[i] === 1))).toEqual(Array(7).fill(20));
  });

  it('karate-club', async () => {
    const { edges, weights, labels, clubs } = await readKarateClub(folder('karate-club'));
    expect([edges.shape, clubs, counts(labels.data())]).toEqual([
      [2, 78],
      ['Mr. Hi', 'Officer'],
      [17, 17],
    ]);
    expect(sum(weights.data())).toBe(231);
  });

  /** Each table: rows, the type of each column by its first letter, missing values, and the sum of a column, as Python has it. */
  const tables: Record<string, [CsvOptions, number, string, number, string, number]> = {
    'sklearn-small/iris.csv': [{}, 150, 'nnnni', 0, 'petal_length_cm', 563.8],
    'sklearn-small/diabetes.csv': [{}, 442, 'nnnnnnnnnni', 0, 'target', 67243],
    'sklearn-small/digits.csv': [{}, 1797, 'i'.repeat(65), 0, 'target', 8070],
    'sklearn-small/autompg.csv': [{ header: false }, 392, 'innnniisn', 0, 'column9', 9190.8],
    'tabular/california-housing.csv': [
      { types: { ocean_proximity: 'category' } },
      20640,
      'nnnnnnnnnc',
      207,
      'median_house_value',
      4269504061,
    ],
    'tabular/mpg.csv': [{}, 398, 'ninniniss', 6, 'mpg', 9358.8],
    'tabular/penguins.csv': [
      { types: { species: 'category', sex: 'category' } },
      344,
      'csnnnnc',
      19,
      'body_mass_g',
      1437000,
    ],
    'tabular/pima-indians-diabetes.csv': [{ header: false }, 768, 'iiiiinnii', 0, 'column9', 268],
    'tabular/titanic.csv': [{ types: { deck: 'category' } }, 891, 'iisniinsssbcssb', 869, 'survived', 342],
    'tabular/winequality-red.csv': [{ header: false }, 1599, 'nnnnnnnnnnni', 0, 'column12', 9012],
    'time-series/airline-passengers.csv': [{}, 144, 'si', 0, 'Passengers', 40363],
    'time-series/daily-min-temperatures.csv': [{}, 3650, 'sn', 0, 'Temp', 40798.8],
    'time-series/mauna-loa-co2-weekly.csv': [{}, 2284, 'in', 59, 'co2', 756816.5],
    'time-series/monthly-sunspots.csv': [{}, 2820, 'sn', 0, 'Sunspots', 144570],
    'time-series/yearly-sunspots.csv': [{}, 309, 'in', 0, 'SUNACTIVITY', 15373.4],
  };
  const missing = (table: Table): number =>
    [...table.columns.values()].reduce(
      (total, { type, values }) =>
        total +
        [...values].filter((value) => value === null || Number.isNaN(value) || (type === 'category' && value === -1))
          .length,
      0,
    );
  it.each(Object.entries(tables))('%s', async (name, [options, rows, types, holes, column, total]) => {
    const table = await readCsv(folder(name), options);
    const read = [...table.columns.values()].map(({ type }) => type[0]).join('');
    const found = sum(table.column(column).values as Float64Array);
    expect([table.length, read, missing(table), Number(found.toFixed(6))]).toEqual([rows, types, holes, total]);
    expect(table.toTensor([column]).shape).toEqual([rows, 1]);
  });

  it('digits of 8 × 8, the same in IDX and in CSV', async () => {
    const { data: pixels, shape } = await readIdx(folder('sklearn-small/digits-images-idx3-ubyte'));
    expect(shape).toEqual([1797, 8, 8]);
    const table = await readCsv(folder('sklearn-small/digits.csv'));
    const rows = table.toTensor(table.names.slice(0, 64)).data();
    expect(Array.from(pixels)).toEqual(Array.from(rows));
  });
});
