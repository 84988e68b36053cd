import { eye, Generator, indexSelect, linalg, mseLoss, nn, optim, randn, seed, type Tensor, tensor } from 'adjoint';
import { DataLoader, kFold, type Split, subset, TensorDataset } from 'adjoint/data';
import { meanSquaredError } from 'adjoint/metrics';
import { crossValidate, gridSearch, logUniform, overSeeds } from 'adjoint/search';
import { Trainer } from 'adjoint/train';
import { describe, expect, it } from 'vitest';

describe('crossValidate', () => {
  it('trains and tests once for each fold, and sums up', async () => {
    const seen: number[] = [];
    const { scores, summary } = await crossValidate(
      async ({ train, test }, index) => {
        expect([train.length, test.length]).toEqual([8, 4]);
        return { accuracy: index / 2, loss: test[0] };
      },
      kFold(12, 3),
      { progress: ({ accuracy }, done) => void seen.push(accuracy, done) },
    );
    expect(scores).toEqual([
      { accuracy: 0, loss: 0 },
      { accuracy: 0.5, loss: 4 },
      { accuracy: 1, loss: 8 },
    ]);
    expect(summary.accuracy).toMatchObject({ count: 3, mean: 0.5, deviation: 0.5, least: 0, most: 1 });
    expect(summary.loss.standardError).toBeCloseTo(4 / Math.sqrt(3), 14);
    expect(seen).toEqual([0, 1, 0.5, 2, 1, 3]);
  });

  it('works with a Trainer and any iterable of folds', async () => {
    seed(1);
    const x = tensor(Float32Array.from({ length: 40 }, (_, i) => i / 20 - 1)).reshape([40, 1]);
    const data = new TensorDataset<[Tensor, Tensor]>(x, x.mul(3).add(1));
    function* generated() {
      yield* kFold(40, 4, { shuffle: true });
    }
    const { summary } = await crossValidate(async ({ train, test }) => {
      const model = new nn.Linear(1, 1);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      const trainer = new Trainer(model, { optimizer, loss: mseLoss, metrics: { mse: meanSquaredError } });
      await trainer.fit(new DataLoader(subset(data, train), { batchSize: 10 }), { epochs: 60 });
      return trainer.evaluate(new DataLoader(subset(data, test), { batchSize: 10 }));
    }, generated());
    expect([summary.loss.count, summary.mse.count]).toEqual([4, 4]);
    expect(summary.loss.most).toBeLessThan(1e-4);
  });

  it('serves a search: the penalty of ridge regression (lecture notes 003, line 490)', async () => {
    // Twelve features for thirty noisy examples: without a penalty the weights follow the noise, with a large one nothing.
    const [n, features] = [30, 12];
    const ridge = (x: Tensor, y: Tensor, penalty: number): Tensor => {
      const transposed = x.transpose();
      const penalties = eye(features, { dtype: 'float64' }).mul(penalty);
      return linalg.solve(transposed.matmul(x).add(penalties), transposed.matmul(y));
    };
    const error = (x: Tensor, y: Tensor, weights: Tensor): number => x.matmul(weights).sub(y).square().mean().item();
    const rows = (some: Tensor, places: Int32Array): Tensor => indexSelect(some, 0, tensor(places));

    const errors = { chosen: 0, none: 0, large: 0 };
    for (let seed = 0; seed < 8; seed++) {
      const generator = new Generator(seed);
      const make = (count: number): Tensor[] => {
        const x = randn([count, features], { dtype: 'float64', generator });
        const noise = randn([count, 1], { dtype: 'float64', generator });
        return [x, x.sum(1, { keepDims: true }).mul(0.25).add(noise)];
      };
      const [[x, y], [xTest, yTest]] = [make(n), make(500)];
      const { best, trials } = await gridSearch(
        { penalty: logUniform(1e-4, 1e4) },
        async ({ penalty }) => {
          const of = ({ train, test }: Split) => ({
            mse: error(rows(x, test), rows(y, test), ridge(rows(x, train), rows(y, train), penalty)),
          });
          return (await crossValidate(of, kFold(n, 5))).summary.mse.mean;
        },
        { direction: 'minimise', points: 9 },
      );
      expect(trials).toHaveLength(9);
      const tested = (penalty: number): number => error(xTest, yTest, ridge(x, y, penalty));
      errors.chosen += tested(best?.parameters.penalty ?? NaN);
      errors.none += tested(1e-4);
      errors.large += tested(1e4);
    }
    expect(errors.chosen).toBeLessThan(0.9 * errors.none);
    expect(errors.chosen).toBeLessThan(0.9 * errors.large);
  });

  it('ends at the signal with its reason, also within a fold', async () => {
    const controller = new AbortController();
    let runs = 0;
    const ending = crossValidate(
      () => {
        if (++runs === 2) controller.abort(new Error('enough'));
        return { score: 1 };
      },
      kFold(9, 3),
      { signal: controller.signal },
    );
    await expect(ending).rejects.toThrow('enough');
    expect(runs).toBe(2);
    const later = crossValidate(() => ({ score: 1 }), kFold(9, 3), { signal: controller.signal });
    await expect(later).rejects.toThrow('enough');
  });

  it('refuses no folds, and scores that differ', async () => {
    await expect(crossValidate(() => ({ score: 1 }), [])).rejects.toThrow(
      'crossValidate: there must be at least one run; got none',
    );
    const differing = crossValidate(
      (_, index) => (index === 0 ? { a: 1, b: 2 } : { a: 1 }) as { a: number },
      kFold(9, 3),
    );
    await expect(differing).rejects.toThrow('crossValidate: every run must give the same scores; got a, b and a');
  });
});

describe('overSeeds', () => {
  it('runs with the seeds 0, 1, …, or those given', async () => {
    const square = (seed: number) => ({ square: seed ** 2 });
    expect((await overSeeds(square, 4)).scores.map(({ square }) => square)).toEqual([0, 1, 4, 9]);
    const { summary } = await overSeeds(square, new Set([7, 5]));
    expect(summary.square).toMatchObject({ count: 2, mean: 37, least: 25, most: 49 });
    await expect(overSeeds(square, 0)).rejects.toThrow('overSeeds: seeds must be a whole number ≥ 1; got 0');
  });
});
