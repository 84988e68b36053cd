import { ShapeError, tensor, ValueError } from 'adjoint';
import { criticalDifferenceChart, graphChart, searchChart, voxelChart } from 'adjoint/plot';
import { expect, it } from 'vitest';
import { readOne } from '../svg.js';

it('graphChart joins nodes by their edges', async () => {
  const edges = [
    [0, 1],
    [1, 2],
    [2, 0],
    [2, 3],
  ] as const;
  const svg = await graphChart(edges, { labels: [0, 0, 0, 1], names: ['a', 'b', 'c', 'd'] });
  expect(await graphChart(edges, { labels: [0, 0, 0, 1], names: ['a', 'b', 'c', 'd'] })).toBe(svg);
  const { lines, dots, texts, beside } = readOne(svg);
  expect(beside).toEqual(['Graph', 'class 0', 'class 1']);
  expect(texts.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
  expect(lines[0].pieces.map(([from, to]) => [from, to])).toEqual(edges.map(([a, b]) => [dots[a].at, dots[b].at]));
  // Every node has its own place.
  for (const [i, one] of dots.entries()) {
    for (const other of dots.slice(0, i)) {
      expect(Math.hypot(one.at[0] - other.at[0], one.at[1] - other.at[1])).toBeGreaterThan(22);
    }
  }
});

it('graphChart takes places, and refuses what are no nodes', async () => {
  const places = [
    [0, 0],
    [1, 0],
    [1, 1],
  ] as const;
  const { dots } = readOne(await graphChart([[0, 1]], { nodes: 3, places }));
  const [[x0, y0], [x1, y1], [x2, y2]] = dots.map(({ at }) => at);
  expect(y0).toBe(y1);
  expect(x1).toBe(x2);
  expect(x1 - x0).toBeCloseTo(y1 - y2, 1);
  await expect(
    graphChart([
      [0, 1],
      [2, -1],
    ]),
  ).rejects.toThrow(new ValueError('graphChart: edges[1] must be a whole number ≥ 0; got -1'));
});

it('voxelChart draws the faces that are seen, and those alone', async () => {
  const cube = (full: (i: number, j: number, k: number) => boolean, n: number) =>
    tensor(
      [...Array(n).keys()].map((i) =>
        [...Array(n).keys()].map((j) => [...Array(n).keys()].map((k) => Number(full(i, j, k)))),
      ),
    );
  const faces = async (full: (i: number, j: number, k: number) => boolean, n: number) =>
    readOne(await voxelChart(cube(full, n))).lines;
  const one = await faces(() => true, 1);
  expect(one.map(({ pieces }) => pieces[0].length)).toEqual([4, 4, 4]);
  expect(new Set(one.map(({ fill }) => fill)).size).toBe(3);
  // A full cube shows three sides of n² faces.
  expect((await faces(() => true, 3)).length).toBe(27);
  // Two cubes apart hide nothing of each other; the nearer one is drawn last.
  const two = await faces((i, j, k) => i + j + k === 0 || i + j + k === 6, 3);
  expect(two.length).toBe(6);
  const lowest = (line: (typeof two)[number]) => Math.max(...line.pieces[0].map(([, y]) => y));
  const highest = (line: (typeof two)[number]) => Math.min(...line.pieces[0].map(([, y]) => y));
  // Along the line of sight both are at one place, whatever their distance.
  expect(two.slice(0, 3).map(lowest)).toEqual(two.slice(3).map(lowest));
  expect(two.slice(0, 3).map(highest)).toEqual(two.slice(3).map(highest));
  expect(await faces(() => false, 2)).toEqual([]);
  await expect(voxelChart(tensor([[1]]))).rejects.toThrow(
    new ShapeError('voxelChart: voxels must be [i, j, k]; got [1, 1]'),
  );
});

it('criticalDifferenceChart places methods at their ranks, with bars over those that do not differ', async () => {
  const result = {
    names: ['a', 'b', 'c', 'd'],
    ranks: [3.1, 2, 2.9, 1.9],
    cd: 1.25,
    groups: [[3, 1, 2], [0]],
  };
  const { lines, texts } = readOne(await criticalDifferenceChart(result));
  // Axes are hidden: pixels are read by the scale that is drawn.
  const written = (text: string) => texts.find((one) => one.text === text)?.at[0] ?? NaN;
  const [one, four] = [written('1'), written('4')];
  const pixel = (rank: number) => one + ((rank - 1) / 3) * (four - one);
  expect(four).toBeLessThan(one);
  const stems = lines.filter(({ pieces }) => pieces.length === 1 && pieces[0].length === 3);
  expect(stems.map(({ pieces }) => pieces[0][0][0]).sort((a, b) => a - b)).toEqual(
    [3.1, 2.9, 2, 1.9].map((rank) => expect.closeTo(pixel(rank), 1)),
  );
  expect(texts.map(({ text }) => text)).toEqual(['1', '2', '3', '4', 'CD = 1.25', 'd 1.9', 'b 2', 'c 2.9', 'a 3.1']);
  const length = ({ pieces: [[[from], [to]]] }: (typeof lines)[number]) => Math.abs(to - from);
  const [cd] = lines.filter(({ stroke }) => stroke === '#0072b2');
  expect(length(cd)).toBeCloseTo(Math.abs(pixel(1.25) - pixel(0)), 1);
  const bars = lines.filter(({ stroke }) => stroke === '#d55e00');
  expect(bars.length).toBe(1);
  expect(length(bars[0])).toBeCloseTo(Math.abs(pixel(2.94) - pixel(1.86)), 1);
});

it('criticalDifferenceChart says what it needs', async () => {
  const result = { names: ['a', 'b'], ranks: [1], cd: 1, groups: [] };
  await expect(criticalDifferenceChart(result)).rejects.toThrow(
    new ShapeError('criticalDifferenceChart: each of 2 names needs a rank; got 1'),
  );
  await expect(criticalDifferenceChart({ ...result, ranks: [1, 2], cd: 0 })).rejects.toThrow(
    new ValueError('criticalDifferenceChart: cd must be a number > 0; got 0'),
  );
});

it('searchChart writes the best score of each pair of parameters', async () => {
  const trial = (lr: number, act: string, score: number) => ({
    parameters: { lr, act },
    seed: 1,
    budget: 1,
    score,
    seconds: 0,
  });
  const trials = [
    trial(0.1, 'relu', 0.5),
    trial(0.01, 'relu', 0.7),
    trial(0.1, 'tanh', 0.4),
    trial(0.1, 'relu', 0.6),
    trial(0.1, 'relu', NaN),
    trial(0.01, 'tanh', NaN),
  ];
  const picture = readOne(
    await searchChart({ trials, direction: 'maximise' }, { x: 'lr', y: 'act', score: 'accuracy' }),
  );
  expect(picture.x?.ticks.map(({ text }) => text)).toEqual(['0.01', '0.1']);
  expect(picture.y?.ticks.map(({ text }) => text)).toEqual(['relu', 'tanh']);
  expect(picture.texts.map(({ text }) => text)).toEqual(['0.7', '0.6', '0.4']);
  picture.boxes.forEach(({ fill }, i) => {
    expect(Math.abs(picture.valueOf(fill) - [0.7, 0.6, 0.4][i])).toBeLessThan(0.02);
  });
  expect(picture.beside).toEqual(['Search', 'accuracy']);
  const least = readOne(await searchChart({ trials, direction: 'minimise' }, { x: 'lr', y: 'act' }));
  expect(least.texts.map(({ text }) => text)).toEqual(['0.7', '0.5', '0.4']);
  await expect(searchChart({ trials, direction: 'minimise' }, { x: 'momentum' as 'lr', y: 'act' })).rejects.toThrow(
    new ValueError('searchChart: every trial must have the parameter momentum; got lr, act'),
  );
});
