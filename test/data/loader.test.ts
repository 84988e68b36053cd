import { seed, type Tensor, tensor } from 'adjoint';
import {
  balancedSampler,
  bucketSampler,
  DataLoader,
  type DataLoaderOptions,
  type Dataset,
  TensorDataset,
  weightedSampler,
} from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';

const counting = (length: number): Dataset<number> => ({ length, get: (index) => index });
const collate = (examples: number[]): number[] => examples;
const loaderOf = (length: number, options: DataLoaderOptions) =>
  new DataLoader(counting(length), { ...options, collate });

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b);
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** What is put in the place of `shuffle`, for so many examples in batches of so many. */
const samplers: ((length: number, batchSize: number) => DataLoaderOptions)[] = [
  (length, batchSize) => ({ batchSize, sampler: weightedSampler(range(length).map((i) => i + 1)) }),
  (length, batchSize) => ({ batchSize, sampler: balancedSampler(range(length).map((i) => i % 3)) }),
  (length, batchSize) => ({ batchSampler: bucketSampler(range(length), { batchSize, pool: 2 }) }),
];

const settings = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  batchSize: fc.integer({ min: 1, max: 12 }),
  shuffle: fc.boolean(),
  seed: fc.maxSafeNat(),
});

function expectToGoOn(length: number, options: DataLoaderOptions, stop: number): void {
  const through = loaderOf(length, options);
  const whole = [...through, ...through, ...through];

  const stopped = loaderOf(length, options);
  const seen: number[][] = [];
  const at = 1 + (stop % (2 * stopped.length));
  let state = stopped.stateDict();
  while (seen.length < at) {
    for (const batch of stopped) {
      seen.push(batch);
      state = JSON.parse(JSON.stringify(stopped.stateDict()));
      if (seen.length === at) break;
    }
  }
  const resumed = loaderOf(length, { ...options, seed: 5 });
  resumed.loadStateDict(state);
  while (seen.length < whole.length) seen.push(...resumed);
  expect(seen).toEqual(whole);
  expect(resumed.stateDict()).toEqual(through.stateDict());
}

describe('a loader', () => {
  it('hands out every example once an epoch, in batches of one size but the last', () => {
    fc.assert(
      fc.property(settings, ({ length, ...options }) => {
        const loader = loaderOf(length, options);
        for (let epoch = 0; epoch < 3; epoch++) {
          const batches = [...loader];
          expect(batches.length).toBe(loader.length);
          expect(sorted(batches.flat())).toEqual(range(length));
          for (const batch of batches.slice(0, -1)) expect(batch.length).toBe(options.batchSize);
        }
      }),
    );
  });

  it('leaves out a smaller last batch if asked', () => {
    fc.assert(
      fc.property(settings, ({ length, ...options }) => {
        fc.pre(length >= options.batchSize);
        const loader = loaderOf(length, { ...options, dropLast: true });
        const batches = [...loader];
        expect(batches.length).toBe(Math.floor(length / options.batchSize));
        expect(loader.length).toBe(batches.length);
        for (const batch of batches) expect(batch.length).toBe(options.batchSize);
        expect(new Set(batches.flat()).size).toBe(batches.length * options.batchSize);
      }),
    );
  });

  it('goes on exactly where its state was taken, anywhere', () => {
    fc.assert(
      fc.property(settings, fc.nat(), ({ length, ...options }, stop) => {
        expectToGoOn(length, options, stop);
        const { batchSize, seed } = options;
        for (const make of samplers) expectToGoOn(length, { ...make(length, batchSize), seed }, stop);
      }),
    );
  });

  it('has one order a seed, and another each epoch', () => {
    const options = { batchSize: 7, shuffle: true, seed: 3 };
    const [a, b] = [loaderOf(30, options), loaderOf(30, options)];
    const first = [...a];
    expect([...b]).toEqual(first);
    const second = [...a];
    expect([...b]).toEqual(second);
    expect(second).not.toEqual(first);
    expect([...loaderOf(30, { ...options, seed: 4 })]).not.toEqual(first);
  });

  it.each([{ shuffle: true }, ...samplers.map((make) => make(30, 4))])(
    'draws its seed from the default generator: %o',
    (options) => {
      const draw = (start: number): number[][] => {
        seed(start);
        return [...loaderOf(30, options)];
      };
      const first = draw(11);
      expect(draw(11)).toEqual(first);
      expect(draw(12)).not.toEqual(first);
    },
  );

  it('asks a sampler for the order of each epoch', () => {
    const sampler = { length: 3, order: () => new Int32Array([4, 0, 4]) };
    expect([...loaderOf(5, { batchSize: 2, sampler })]).toEqual([[4, 0], [4]]);
    expect([...loaderOf(5, { batchSize: 2, sampler, dropLast: true })]).toEqual([[4, 0]]);
    const batchSampler = { length: 2, batches: () => [new Int32Array([1, 2, 3]), new Int32Array([0])] };
    expect([...loaderOf(5, { batchSampler })]).toEqual([[1, 2, 3], [0]]);
  });

  it('begins a new epoch after a loop that was left', () => {
    const loader = loaderOf(10, { batchSize: 3, shuffle: true, seed: 1 });
    for (const _ of loader) break;
    expect(loader.stateDict()).toEqual({ seed: 1, epoch: 0, batch: 1 });
    expect([...loader].length).toBe(4);
    expect(loader.stateDict()).toEqual({ seed: 1, epoch: 2, batch: 0 });
  });

  it('gives nested loops an epoch each', () => {
    const loader = loaderOf(4, { batchSize: 2 });
    const pairs: number[][] = [];
    for (const [a] of loader) for (const [b] of loader) pairs.push([a, b]);
    expect(pairs).toEqual([
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
    ]);
  });

  it('collates examples that have no batch of their own', () => {
    const loader = new DataLoader(
      { length: 3, get: (i) => [tensor([i, i]), 10 * i] as [Tensor<[2], 'float32'>, number] },
      {
        batchSize: 2,
      },
    );
    const [[x, y], [last]] = [...loader];
    expect([x.toArray(), y.toArray(), last.shape]).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
      [0, 10],
      [1, 2],
    ]);
    expectTypeOf(x).toEqualTypeOf<Tensor<[number, 2], 'float32'>>();
    expectTypeOf(y).toEqualTypeOf<Tensor<[number], 'float32'>>();
  });

  it('gathers from tensors, and keeps their types', () => {
    const images = tensor(new Float32Array(20), { shape: [5, 4] });
    const loader = new DataLoader(new TensorDataset(images, tensor(new Int32Array([4, 3, 2, 1, 0]))), { batchSize: 2 });
    const labels: number[] = [];
    for (const [x, y] of loader) {
      expectTypeOf(x).toEqualTypeOf<Tensor<[number, 4], 'float32'>>();
      expectTypeOf(y).toEqualTypeOf<Tensor<[number], 'int32'>>();
      expect(x.shape).toEqual([y.shape[0], 4]);
      labels.push(...y.toArray());
    }
    expect(labels).toEqual([4, 3, 2, 1, 0]);
  });
});

it.each<[() => unknown, string]>([
  [() => loaderOf(0, {}), 'DataLoader: the dataset must have examples; got none'],
  [() => loaderOf(3, { batchSize: 0 }), 'DataLoader: batchSize must be a whole number ≥ 1; got 0'],
  [
    () => loaderOf(3, { shuffle: true, sampler: weightedSampler([1, 1, 1]) }),
    "DataLoader: shuffle is sampler's to decide; got both; leave one of them out",
  ],
  [
    () => loaderOf(3, { batchSize: 2, batchSampler: bucketSampler([1, 1, 1], { batchSize: 2 }) }),
    "DataLoader: batchSize is batchSampler's to decide; got both; leave one of them out",
  ],
  [
    () => [...loaderOf(3, { sampler: weightedSampler([0, 0, 0, 1]) })],
    "DataLoader: the sampler's indices must be from 0 to 2; got 3",
  ],
  [
    () => [...loaderOf(3, { sampler: { length: 2, order: () => new Int32Array(3) } })],
    'DataLoader: the sampler must give as many examples as its length 2; got 3',
  ],
  [
    () => [...loaderOf(3, { batchSampler: { length: 2, batches: () => [] } })],
    'DataLoader: the batchSampler must give as many batches as its length 2; got 0',
  ],
  [
    () => [...loaderOf(3, { batchSampler: { length: 1, batches: () => [new Int32Array([-1])] } })],
    "DataLoader: the batchSampler's indices must be from 0 to 2; got -1",
  ],
  [() => loaderOf(3, { seed: -1 }), 'DataLoader: seed must be a whole number ≥ 0; got -1'],
  [
    () => loaderOf(3, { batchSize: 4, dropLast: true }),
    'DataLoader: dropLast leaves no batch of 4 from 3 examples; use a batchSize of at most 3',
  ],
  [
    () => loaderOf(3, {}).loadStateDict({ seed: 0, epoch: 0.5, batch: 0 }),
    'DataLoader.loadStateDict: epoch must be a whole number ≥ 0; got 0.5',
  ],
  [
    () => loaderOf(3, {}).loadStateDict({ seed: 0, epoch: 0, batch: 4 }),
    'DataLoader.loadStateDict: the state is at batch 4, an epoch has 3; use the same dataset and batchSize',
  ],
])('states its error: %s', (call, says) => {
  expect(call).toThrow(says);
});
