import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Generator, mseLoss, nn, optim, seed, type Tensor, tensor } from 'adjoint';
import {
  AsyncDataLoader,
  type AsyncDataset,
  DataLoader,
  FileDataset,
  prefetch,
  StreamLoader,
  shuffleBuffer,
  TensorDataset,
} from 'adjoint/data';
import { encodeNpy, openNpy } from 'adjoint/io';
import { type Batches, Trainer } from 'adjoint/train';
import { afterAll, describe, expect, it } from 'vitest';
import { FormatError, ShapeError, ValueError } from '../../../lib/core/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-streams-'));
afterAll(() => rmSync(folder, { recursive: true }));

const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
/** All that can happen at once has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** 0, 1, …, told apart by what was asked for and whether it was ended. */
class Source {
  asked = 0;
  ended = false;
  constructor(
    readonly length: number,
    readonly fails = Infinity,
  ) {}
  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    try {
      for (let i = 0; i < this.length; i++) {
        this.asked++;
        if (i === this.fails) throw new Error(`item ${i} is broken`);
        yield i;
      }
    } finally {
      this.ended = true;
    }
  }
}

describe('prefetch', () => {
  it('gives the same items, of any source', async () => {
    expect(await gather(prefetch(new Source(5), 2))).toEqual([0, 1, 2, 3, 4]);
    expect(await gather(prefetch([1, 2, 3], 8))).toEqual([1, 2, 3]);
    expect(await gather(prefetch(new Source(0), 1))).toEqual([]);
  });

  it('runs ahead as far as it may, and no further', async () => {
    const source = new Source(100);
    const items = prefetch(source, 3);
    await settled();
    expect(source.asked).toBe(0);
    for (let i = 0; i < 4; i++) {
      expect(await items.next()).toEqual({ done: false, value: i });
      await settled();
      expect(source.asked).toBe(i + 4);
    }
    await items.return();
    expect(source.ended).toBe(true);
  });

  it('asks one question after the other', async () => {
    let open = 0;
    let most = 0;
    let i = 0;
    const slow: AsyncIterableIterator<number> = {
      [Symbol.asyncIterator]: () => slow,
      async next() {
        most = Math.max(most, ++open);
        await settled();
        open--;
        return i < 6 ? { done: false, value: i++ } : { done: true, value: undefined };
      },
    };
    expect(await gather(prefetch(slow, 3))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(most).toBe(1);
  });

  it('throws an error when its item would come, not before', async () => {
    const source = new Source(10, 3);
    const seen: number[] = [];
    await expect(async () => {
      for await (const item of prefetch(source, 5)) {
        await settled();
        seen.push(item);
      }
    }).rejects.toThrow('item 3 is broken');
    expect(seen).toEqual([0, 1, 2]);
    expect(source.ended).toBe(true);
  });

  it('ends the source when its loop is left', async () => {
    const source = new Source(10);
    for await (const item of prefetch(source, 2)) if (item === 1) break;
    expect(source.ended).toBe(true);
    expect(source.asked).toBe(4);
    const other = new Source(10);
    await expect(async () => {
      for await (const _ of prefetch(other, 2)) throw new Error('of the loop');
    }).rejects.toThrow('of the loop');
    expect(other.ended).toBe(true);
  });

  it('refuses to run ahead of nothing', () => {
    expect(() => prefetch([1], 0)).toThrow(new ValueError('prefetch: ahead must be a whole number ≥ 1; got 0'));
  });
});

describe('shuffleBuffer', () => {
  const shuffled = (length: number, size: number, seed: number) =>
    gather(shuffleBuffer(new Source(length), size, { generator: new Generator(seed) }));

  it('gives each item once, in an order that its seed tells', async () => {
    const order = await shuffled(200, 20, 1);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(await shuffled(200, 20, 1)).toEqual(order);
    expect(await shuffled(200, 20, 2)).not.toEqual(order);
    expect(Math.max(...order.map((item, at) => item - at))).toBe(19);
    expect(await shuffled(5, 1, 1)).toEqual([0, 1, 2, 3, 4]);
    expect((await shuffled(5, 100, 1)).length).toBe(5);
  });

  it('draws all orders of a full buffer alike', async () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 1200; seed++) {
      const order = (await shuffled(3, 3, seed)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // 200 of each are expected; the deviation is 13.
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
  });

  it('takes no more than it holds, and ends its source', async () => {
    const source = new Source(100);
    for await (const _ of shuffleBuffer(source, 8)) {
      expect(source.asked).toBe(9);
      break;
    }
    expect(source.ended).toBe(true);
    expect(() => shuffleBuffer(source, 0)).toThrow('shuffleBuffer: size must be a whole number ≥ 1; got 0');
  });
});

const x = tensor(Float32Array.from({ length: 10 }, (_, i) => i));
/** The numbers 0 … 9, each after a while. */
const slowly: AsyncDataset<number> = {
  length: 10,
  get: async (i) => {
    await settled();
    return i;
  },
};
const numbers = (batches: readonly Tensor[]) => batches.map((batch) => batch.toArray());

describe('AsyncDataLoader', () => {
  it('makes the batches of a DataLoader', async () => {
    for (const options of [
      { batchSize: 3 },
      { batchSize: 4, shuffle: true, seed: 7 },
      { batchSize: 3, dropLast: true },
    ]) {
      const sync = new DataLoader(new TensorDataset(x), options);
      const loader = new AsyncDataLoader(slowly, options);
      expect(loader.length).toBe(sync.length);
      for (let epoch = 0; epoch < 2; epoch++) {
        expect(numbers(await gather(loader))).toEqual(numbers([...sync].map(([batch]) => batch)));
      }
    }
  });

  it('goes on where its state was taken, though it has run ahead', async () => {
    const options = { batchSize: 2, shuffle: true, seed: 3, ahead: 3 };
    const whole = numbers(await gather(new AsyncDataLoader(slowly, options)));
    const loader = new AsyncDataLoader(slowly, options);
    const begun: unknown[] = [];
    for await (const batch of loader) {
      begun.push(batch.toArray());
      if (begun.length === 2) break;
    }
    const state = loader.stateDict();
    expect(state).toEqual({ seed: 3, epoch: 0, batch: 2 });
    const other = new AsyncDataLoader(slowly, options);
    other.loadStateDict(state);
    expect([...begun, ...numbers(await gather(other))]).toEqual(whole);
    loader.loadStateDict(loader.stateDict());
    expect([...begun, ...numbers(await gather(loader))]).toEqual(whole);
    expect(loader.stateDict()).toEqual({ seed: 3, epoch: 1, batch: 0 });
  });

  it('takes a collate function of the caller', async () => {
    const loader = new AsyncDataLoader(slowly, { batchSize: 4, collate: (some: number[]) => some.join(' ') });
    expect(await gather(loader)).toEqual(['0 1 2 3', '4 5 6 7', '8 9']);
    expect(() => new AsyncDataLoader(slowly, { ahead: 0 })).toThrow(
      'AsyncDataLoader: ahead must be a whole number ≥ 1; got 0',
    );
  });
});

describe('StreamLoader', () => {
  const begin = () => new Source(10);
  it('makes batches of what comes', async () => {
    const loader = new StreamLoader(begin, { batchSize: 4 });
    expect(loader.length).toBe(Infinity);
    expect(numbers(await gather(loader))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    const counted = new StreamLoader(() => [1, 2, 3], { batchSize: 2, dropLast: true, examples: 3 });
    expect([counted.length, numbers(await gather(counted))]).toEqual([1, [[1, 2]]]);
  });

  it('goes on where its state was taken, in every epoch in another order', async () => {
    const options = { batchSize: 3, shuffle: 5, seed: 11, examples: 10 };
    const loader = new StreamLoader(begin, options);
    expect(loader.length).toBe(4);
    const epochs = [numbers(await gather(loader)), numbers(await gather(loader))];
    expect(epochs[0]).not.toEqual(epochs[1]);
    const stopped = new StreamLoader(begin, options);
    await gather(stopped);
    for await (const batch of stopped) {
      expect(batch.toArray()).toEqual(epochs[1][0]);
      break;
    }
    expect(stopped.stateDict()).toEqual({ seed: 11, epoch: 1, batch: 1 });
    const other = new StreamLoader(begin, options);
    other.loadStateDict(stopped.stateDict());
    expect(numbers(await gather(other))).toEqual(epochs[1].slice(1));
    // A loop that was left does not go on by itself.
    expect(numbers(await gather(stopped))).toEqual(numbers(await gather(other)));
  });

  it('refuses options and states that make no sense', () => {
    expect(() => new StreamLoader(begin, { shuffle: 0 })).toThrow(
      'StreamLoader: shuffle must be a whole number ≥ 1; got 0',
    );
    expect(() => new StreamLoader(begin, { examples: 0.5 })).toThrow(
      'StreamLoader: examples must be a whole number ≥ 1; got 0.5',
    );
    expect(() => new StreamLoader(begin).loadStateDict({ seed: 1, epoch: -1, batch: 0 })).toThrow(
      new FormatError('StreamLoader.loadStateDict: epoch must be a whole number ≥ 0; got -1'),
    );
  });
});

describe('FileDataset', () => {
  it('gives the rows of its files together', async () => {
    const rows = join(folder, 'x.npy');
    const labels = join(folder, 'y.npy');
    writeFileSync(rows, encodeNpy({ dtype: 'float32', shape: [4, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) }));
    writeFileSync(labels, encodeNpy({ dtype: 'int32', shape: [4], data: Int32Array.of(3, 2, 1, 0) }));
    const dataset = new FileDataset(await openNpy(rows), await openNpy(labels));
    const shown = (tensors: readonly Tensor[]) => tensors.map((t) => [t.dtype, t.toArray()]);
    expect(shown(await dataset.get(2))).toEqual([
      ['float32', [4, 5]],
      ['int32', 1],
    ]);
    const loader = new AsyncDataLoader(dataset, { batchSize: 3, shuffle: true, seed: 2 });
    const seen: unknown[] = [];
    for await (const [a, b] of loader)
      seen.push(...(a.toArray() as number[][]).map((row, i) => [row, (b.toArray() as number[])[i]]));
    expect(seen).toHaveLength(4);
    for (let i = 0; i < 4; i++) expect(seen).toContainEqual([[2 * i, 2 * i + 1], 3 - i]);
    expect(() => new FileDataset()).toThrow('FileDataset: at least one file is needed; got none');
    writeFileSync(labels, encodeNpy({ dtype: 'int32', shape: [3], data: Int32Array.of(3, 2, 1) }));
    const [of4, of3] = [await openNpy(rows), await openNpy(labels)];
    expect(() => new FileDataset(of4, of3)).toThrow(
      new ShapeError('FileDataset: files must have equally many rows; got shapes [4, 2], [3]'),
    );
  });

  it('trains as examples in memory do', async () => {
    const [rows, targets] = ['a.npy', 'b.npy'].map((name) => join(folder, name));
    const inputs = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i));
    const outputs = Float32Array.from({ length: 10 }, (_, i) => Math.cos(i));
    writeFileSync(rows, encodeNpy({ dtype: 'float32', shape: [10, 2], data: inputs }));
    writeFileSync(targets, encodeNpy({ dtype: 'float32', shape: [10, 1], data: outputs }));
    const options = { batchSize: 4, shuffle: true, seed: 5 };
    const trained = async (batches: Batches): Promise<Float32Array> => {
      seed(1);
      const model = new nn.Linear(2, 1);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      await new Trainer(model, { optimizer, loss: mseLoss }).fit(batches, { epochs: 2 });
      return model.weight.data();
    };
    const files = new FileDataset(await openNpy(rows), await openNpy(targets));
    const memory = new TensorDataset(tensor(inputs, { shape: [10, 2] }), tensor(outputs, { shape: [10, 1] }));
    expect(await trained(new AsyncDataLoader(files, options))).toEqual(await trained(new DataLoader(memory, options)));
  });
});
