import { add, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import type { Case, Competitor, Group } from '../bench/group.js';
import { kernelCalls } from '../bench/kernel_calls.js';
import { median } from '../bench/measure.js';
import { Server } from '../bench/server.js';
import { figure, makeRow, markdown, sentence, summaries } from '../bench/table.js';
import { runProgram } from './programs.js';

describe('npm run bench', () => {
  it('measures what was asked for', { timeout: 240_000 }, () => {
    const args = ['sizes', '--only', 'NN (32|64)³', '--rounds', '2', '--seconds', '0.002', '--threads', '1', '--json'];
    const { rows, means } = JSON.parse(runProgram('bench/run.ts', { args }));
    expect(rows.map((row: { case: string }) => row.case)).toEqual(['NN 32³', 'NN 64³']);
    const [{ figures, gflops, ratio, peakShare }] = rows;
    const { adjoint, 'one thread': one } = figures;
    expect(adjoint.minimum).toBeGreaterThan(0);
    expect(adjoint.minimum).toBeLessThanOrEqual(adjoint.median);
    expect(gflops).toBeCloseTo((2 * 32 ** 3) / (adjoint.median * 1e6), 6);
    expect(peakShare).toBeGreaterThan(0);
    expect(ratio).toBe(median(one.rounds.map((time: number, i: number) => time / adjoint.rounds[i])));
    expect(means[0]).toMatchObject({ section: 'matrix products', threads: 1, cases: 2, over: 'best ÷ adjoint' });
  });

  it('lists its groups, and refuses others', { timeout: 240_000 }, () => {
    expect(runProgram('bench/run.ts', { args: ['--help'] })).toContain(
      '  gemm        matrix products at the kernel call',
    );
    expect(() => runProgram('bench/run.ts', { args: ['gem'] })).toThrow("there is no group 'gem'");
    expect(() => runProgram('bench/run.ts', { args: ['--only', 'nothing'] })).toThrow("no case matches 'nothing'");
  });
});

const item = (name: string): Case => ({ name, ask: name, section: 'both', flop: 4e6, setup: () => () => {} });
const competitor = (name: string, rest: Partial<Competitor> = {}): Competitor => ({
  name,
  family: name,
  command: () => 'never run',
  ...rest,
});
const group: Group = {
  name: 'made up',
  about: '',
  cases: [],
  competitors: [
    competitor('ours'),
    competitor('eager', { own: true }),
    competitor('slow', { family: 'peer' }),
    competitor('fast', { family: 'peer' }),
  ],
};
const rounds = (...medians: number[]) => medians.map((median) => ({ median, minimum: median / 2 }));

it("a figure is the rounds' median, the least of all samples, and the spread of the medians", () => {
  expect(figure(rounds(4, 2, 3), 1)).toEqual({ median: 3, minimum: 1, spread: 2 / 3, factor: 1, rounds: [4, 2, 3] });
});

it('a row compares with the best competitor, its factor counted, and not with our own other ways', () => {
  const figures = {
    ours: figure(rounds(2), 1),
    eager: figure(rounds(1), 1),
    slow: figure(rounds(10), 0.5),
    fast: figure(rounds(8), 1),
  };
  const row = makeRow(group, item('a'), 1, figures, { peaks: [8] });
  expect(row).toMatchObject({ ratio: 2.5, best: 'slow', plainRatio: 4, gflops: 2, peakShare: 0.25 });
  expect(row.gbytes).toBeUndefined();
  expect(markdown(group, [row]).split('\n')).toEqual([
    '| case | threads | ours | minimum | spread | GFLOP/s | of peak | eager | peer | best ÷ ours | without factors |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| a | 1 | 2.00 ms | 1.00 ms | 0 % | 2.0 | 25 % | 1.00 ms (0.500 ×) | 8.00 ms (4.00 ×) | 2.50 × | 4.00 × |',
  ]);
});

it('rounds are compared with those that followed them: a machine that was slow for a while was slow for both', () => {
  const row = makeRow(
    group,
    item('a'),
    1,
    { ours: figure(rounds(1, 4, 1), 1), fast: figure(rounds(2, 8, 9), 1) },
    { peaks: [2, 1] },
  );
  expect(row.ratio).toBe(2);
});

it('a section has one mean; who is missing has no part in it', () => {
  const rows = [4, 1, undefined].map((time, i) =>
    makeRow(
      group,
      item(`case ${i}`),
      2,
      { ours: figure(rounds(2), 1), ...(time !== undefined && { fast: figure(rounds(time), 1) }) },
      { peaks: [] },
    ),
  );
  const [mean, ...rest] = summaries(group, rows);
  expect(rest).toEqual([]);
  expect(sentence(mean)).toBe('both, 2 threads, best ÷ ours: geometric mean 1.00 ×, worst 0.500 × (case 1), of 2');
});

it('kernel calls run again into the memory that they wrote', () => {
  const [a, b] = [tensor([1, 2]), tensor([10, 20])];
  const results: (typeof a)[] = [];
  const { run, repeats } = kernelCalls(() => {
    results.push(add(a, b));
  });
  expect(repeats).toBeGreaterThanOrEqual(1);
  const last = results[results.length - 1];
  a.storage.data[0] = 5;
  run();
  expect(last.toArray()).toEqual([15, 22]);
  expect(results[0].toArray()).toEqual([11, 22]);
  expect(() => kernelCalls(() => add(a, b), 'add')).toThrow('no kernel call: a view');
  expect(() => kernelCalls(() => a.reshape([2, 1]))).toThrow('no kernel call: a view');
});

it('a competitor that ends in the middle is an error, not a wait', async () => {
  const script = 'console.log(\'{"about": "short"}\'); process.stdin.once("data", () => { throw new Error("gone"); });';
  const server = await Server.start({ file: process.execPath, args: ['-e', script] });
  expect(server.about).toBe('short');
  expect(await server.ask('work', 1)).toHaveProperty('error');
  expect(server.alive).toBe(false);
  await server.close();
  await expect(Server.start({ file: process.execPath, args: ['-e', ''] })).rejects.toThrow('it ended');
});
