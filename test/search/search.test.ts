import {
  choice,
  geneticSearch,
  gridSearch,
  integer,
  logUniform,
  type Objective,
  type ParametersOf,
  randomSearch,
  type SearchOptions,
  scoreGrid,
  successiveHalving,
  type Trial,
  uniform,
} from 'adjoint/search';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const space = {
  rate: logUniform(1e-5, 10),
  width: integer(1, 64),
  momentum: uniform(0, 1),
  kind: choice(['a', 'b', 'c']),
};
type Parameters = ParametersOf<typeof space>;

/** Best, 0, at rate 0.01, width 20, momentum 0.7 of kind b. */
const loss = ({ rate, width, momentum, kind }: Parameters): number =>
  Math.log10(rate / 0.01) ** 2 / 10 +
  (Math.log2(width / 20) / 4) ** 2 +
  (momentum - 0.7) ** 2 +
  (kind === 'b' ? 0 : 0.3);

type Options = SearchOptions<Parameters>;
const searches = {
  gridSearch: (objective: Objective<Parameters>, options: Options) =>
    gridSearch(space, objective, { points: 3, rounds: 2, ...options }),
  randomSearch: (objective: Objective<Parameters>, options: Options) =>
    randomSearch(space, objective, { count: 60, ...options }),
  geneticSearch: (objective: Objective<Parameters>, options: Options) =>
    geneticSearch(space, objective, { population: 12, generations: 5, ...options }),
  successiveHalving: (objective: Objective<Parameters>, options: Options) =>
    successiveHalving(space, objective, { count: 27, ...options }),
};

/** What a search prints: without the time. */
const table = (trials: readonly Trial<Parameters>[]) => trials.map(({ seconds: _, ...rest }) => rest);

describe.each(Object.entries(searches))('%s', (name, search) => {
  it('tells what it did, and finds the best of it', async () => {
    const lines: string[] = [];
    const { trials, best, direction, stopped, seed } = await search(loss, {
      direction: 'minimise',
      seed: 5,
      progress(trial, { done, total, best }) {
        lines.push(`${done} of ${total}`);
        expect(best?.score).toBeLessThanOrEqual(trial.score);
      },
    });
    expect([direction, stopped, seed]).toEqual(['minimise', false, 5]);
    expect(lines).toHaveLength(trials.length);
    expect(lines.at(-1)).toBe(`${trials.length} of ${trials.length}`);
    for (const { parameters, score, seconds } of trials) {
      expect(score).toBe(loss(parameters));
      expect(seconds).toBeGreaterThanOrEqual(0);
    }
    const largest = Math.max(...trials.map(({ budget }) => budget));
    const scores = trials.filter(({ budget }) => budget === largest).map(({ score }) => score);
    expect(best?.score).toBe(Math.min(...scores));
    expect(best?.score).toBeLessThan(0.25);
  });

  it('is the same upside down, and of the same seed', async () => {
    const one = await search(loss, { direction: 'minimise', seed: 3 });
    const other = await search((parameters) => -loss(parameters), { direction: 'maximise', seed: 3 });
    expect(other.best?.parameters).toEqual(one.best?.parameters);
    expect(table(other.trials)).toEqual(table(one.trials).map((trial) => ({ ...trial, score: -trial.score })));
    const seeds = new Set(one.trials.map(({ seed }) => seed));
    expect(seeds.size).toBe(new Set(one.trials.map(({ parameters }) => parameters)).size);
    if (name !== 'gridSearch') {
      const third = await search(loss, { direction: 'minimise', seed: 4 });
      expect(table(third.trials)).not.toEqual(table(one.trials));
    }
  });

  it('stops at the signal and goes on as if it never had', { timeout: 120_000 }, async () => {
    const whole = await search(loss, { direction: 'minimise', seed: 8 });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.trials.length - 1), fc.boolean(), async (last, throws) => {
        const controller = new AbortController();
        let calls = 0;
        const stopping = await search(
          async (parameters, { signal }) => {
            expect(signal).toBe(controller.signal);
            await null;
            if (calls++ === last) controller.abort();
            if (throws) signal.throwIfAborted();
            return loss(parameters);
          },
          { direction: 'minimise', seed: 8, signal: controller.signal },
        );
        expect(stopping.stopped).toBe(true);
        expect(table(stopping.trials)).toEqual(table(whole.trials.slice(0, last)));
        // As from a file.
        const resume = JSON.parse(JSON.stringify(stopping.trials));
        let again = 0;
        let reported = 0;
        const resumed = await search(
          (parameters) => {
            again++;
            return loss(parameters);
          },
          { direction: 'minimise', seed: 8, resume, progress: () => void reported++ },
        );
        expect(table(resumed.trials)).toEqual(table(whole.trials));
        expect([again, reported]).toEqual([whole.trials.length - last, whole.trials.length - last]);
        expect(resumed.trials.slice(0, last)).toEqual(stopping.trials);
      }),
      { numRuns: 8 },
    );
  });

  it('counts NaN as the worst, also from a file', async () => {
    const half = ({ momentum, ...rest }: Parameters): number => (momentum < 0.5 ? NaN : loss({ momentum, ...rest }));
    const { trials, best } = await search(half, { direction: 'minimise', seed: 2 });
    expect(trials.some(({ score }) => Number.isNaN(score))).toBe(true);
    expect(best?.parameters.momentum).toBeGreaterThanOrEqual(0.5);
    const resume = JSON.parse(JSON.stringify(trials));
    expect((await search(half, { direction: 'minimise', seed: 2, resume })).trials).toEqual(trials);
    expect((await search(() => NaN, { direction: 'maximise', seed: 2 })).best).toBeNull();
  });

  it('passes on what fails, and refuses what it cannot search', async () => {
    const failing = search(
      () => {
        throw new Error('no data');
      },
      { direction: 'minimise', seed: 1 },
    );
    await expect(failing).rejects.toThrow('no data');
    const refusal = async (objective: unknown, options: object): Promise<string> =>
      search(objective as Objective<Parameters>, options as Options).then(
        () => 'none',
        ({ message }) => message,
      );
    expect(await refusal(loss, {})).toBe(`${name}: direction must be 'maximise' or 'minimise'; got 'undefined'`);
    expect(await refusal(loss, { direction: 'minimise', budget: 0 })).toBe(
      `${name}: budget must be a number > 0; got 0`,
    );
    expect(await refusal(() => '0.3', { direction: 'minimise', seed: 1 })).toBe(
      `${name}: the objective must give a number; got 0.3`,
    );
    const { trials } = await search(loss, { direction: 'minimise', seed: 1 });
    const [first] = trials;
    const wrong = { ...first, budget: 7 };
    const { parameters, seed } = first;
    expect(await refusal(loss, { direction: 'minimise', seed: 1, resume: [wrong] })).toBe(
      `${name}: trial 0 of resume is ${JSON.stringify({ parameters, seed, budget: 7 })}, this search tries ` +
        `${JSON.stringify({ parameters, seed, budget: 1 })}; use the same space, seed and options`,
    );
  });
});

it('gridSearch tries every combination once, and finer ones around the best', async () => {
  const wanted = ({ rate, width }: { rate: number; width: number }): number =>
    Math.log10(rate / 0.02) ** 2 + (width - 30) ** 2 / 1000;
  const grid = { rate: logUniform(1e-5, 10), width: integer(0, 64) };
  const coarse = await gridSearch(grid, wanted, { direction: 'minimise', points: { rate: 7, width: 3 } });
  expect(coarse.trials.map(({ parameters: { rate, width } }) => [rate, width])).toEqual(
    [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10].flatMap((rate) => [0, 32, 64].map((width) => [rate, width])),
  );
  expect(coarse.best?.parameters).toEqual({ rate: 0.01, width: 32 });
  const fine = await gridSearch(grid, wanted, { direction: 'minimise', points: 5, rounds: 6 });
  const keys = fine.trials.map(({ parameters }) => JSON.stringify(parameters));
  expect(new Set(keys).size).toBe(keys.length);
  expect(fine.best?.parameters.width).toBe(30);
  expect(Math.abs((fine.best?.parameters.rate ?? 0) / 0.02 - 1)).toBeLessThan(0.05);
});

it('gridSearch counts the default of parameters that points leaves out', async () => {
  const two = { u: uniform(0, 1), v: uniform(0, 1) };
  const { trials } = await gridSearch(two, ({ u }) => u, { direction: 'maximise', points: { u: 2 } });
  expect(trials).toHaveLength(10);
  await expect(gridSearch(two, ({ u }) => u, { direction: 'maximise', points: { v: 0 } })).rejects.toThrow(
    'gridSearch: points of v must be a whole number ≥ 1; got 0',
  );
  await expect(gridSearch({}, () => 0, { direction: 'maximise' })).rejects.toThrow(
    'gridSearch: the space has no parameters; give at least one',
  );
});

it('randomSearch covers the scale evenly', async () => {
  const { trials } = await randomSearch({ rate: logUniform(1e-4, 1) }, () => 0, {
    direction: 'maximise',
    count: 400,
    seed: 1,
  });
  const decades = [0, 0, 0, 0];
  for (const { parameters } of trials) decades[Math.floor(-Math.log10(parameters.rate))]++;
  // 100 expected, deviation 8.7.
  for (const count of decades) expect(Math.abs(count - 100)).toBeLessThan(35);
});

it('successiveHalving keeps the best third, with three times the budget and their own seeds', async () => {
  const { trials, best } = await searches.successiveHalving(loss, { direction: 'minimise', seed: 6, budget: 2 });
  const rungs = [2, 6, 18, 54].map((budget) => trials.filter((trial) => trial.budget === budget));
  expect(rungs.map(({ length }) => length)).toEqual([27, 9, 3, 1]);
  rungs.slice(1).forEach((rung, r) => {
    const before = rungs[r].toSorted((a, b) => a.score - b.score).slice(0, rung.length);
    expect(rung.map(({ seed, parameters }) => ({ seed, parameters }))).toEqual(
      before.map(({ seed, parameters }) => ({ seed, parameters })),
    );
  });
  expect(best).toBe(rungs[3][0]);
  await expect(successiveHalving(space, loss, { direction: 'minimise', factor: 1 })).rejects.toThrow(
    'successiveHalving: factor must be a number > 1; got 1',
  );
});

it('geneticSearch tries no elite again, and comes closer than chance', async () => {
  const few = { population: 10, generations: 4, elite: 3 };
  expect((await geneticSearch(space, loss, { direction: 'minimise', ...few })).trials).toHaveLength(10 + 3 * 7);
  const better: boolean[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const bred = await geneticSearch(space, loss, { direction: 'minimise', seed });
    const drawn = await randomSearch(space, loss, { direction: 'minimise', seed: seed + 100, count: 182 });
    expect(bred.trials).toHaveLength(drawn.trials.length);
    better.push((bred.best?.score ?? NaN) < (drawn.best?.score ?? NaN));
  }
  expect(better.filter(Boolean).length).toBeGreaterThanOrEqual(8);
  await expect(geneticSearch(space, loss, { direction: 'minimise', population: 3, elite: 3 })).rejects.toThrow(
    'geneticSearch: elite must be below population, 3; got 3',
  );
});

describe('scoreGrid', () => {
  it('has the best score of each pair of values', async () => {
    const three = { u: choice([3, 1]), v: choice([10, 20]), w: choice(['low', 'high']) };
    const score = ({ u, v, w }: { u: number; v: number; w: string }): number => u + v + (w === 'high' ? 0.5 : 0);
    const result = await gridSearch(three, score, { direction: 'maximise' });
    expect(scoreGrid(result, 'u', 'v')).toEqual({
      x: [1, 3],
      y: [10, 20],
      values: [
        [11.5, 13.5],
        [21.5, 23.5],
      ],
    });
    const lowest = await gridSearch(three, score, { direction: 'minimise' });
    expect(scoreGrid(lowest, 'v', 'u').values).toEqual([
      [11, 21],
      [13, 23],
    ]);
    const some = { ...result, trials: result.trials.slice(0, 5) };
    expect(scoreGrid(some, 'u', 'v').values).toEqual([
      [11, 13.5],
      [NaN, 23.5],
    ]);
    expect(() => scoreGrid(result, 'u', 'w')).toThrow(
      "scoreGrid: w must be a parameter whose values are numbers; got 'low'",
    );
  });

  it('lets a score replace NaN', () => {
    const trial = (score: number) => ({ parameters: { x: 1, y: 2 }, seed: 0, budget: 1, seconds: 0, score });
    const of = (...scores: number[]) =>
      scoreGrid({ trials: scores.map(trial), direction: 'minimise' }, 'x', 'y').values[0][0];
    expect([of(NaN, 3), of(3, NaN), of(2, 3), of(3, 2)]).toEqual([3, 3, 2, 2]);
  });
});
