import { sigmoid, tensor, ValueError } from 'adjoint';
import {
  activationChart,
  learningCurveChart,
  lossChart,
  lrRangeChart,
  metricChart,
  parameterChart,
  scheduleChart,
} from 'adjoint/plot';
import type { EpochRecord } from 'adjoint/train';
import { expect, it } from 'vitest';
import { learningCurve } from '../../../lib/diagnose/index.js';
import { read, readOne } from '../svg.js';

const history = [0.9, 0.5, 0.3].map(
  (loss, i): EpochRecord<string> => ({
    epoch: i + 1,
    train: { loss, accuracy: 1 - loss },
    validation: { loss: loss + 0.1, accuracy: 0.9 - loss },
    seconds: 1,
    itemsPerSecond: 1,
  }),
);
const close = (drawn: number, value: number): void => expect(Math.abs(drawn - value)).toBeLessThan(0.01);

it('lossChart draws training and validation where their losses are', async () => {
  const { lines, x, y, beside } = readOne(await lossChart(history));
  expect([x?.label, y?.label, y?.type]).toEqual(['epoch', 'loss', 'log']);
  expect(beside).toEqual(['Loss', 'training', 'validation']);
  lines.forEach(({ pieces }, of) => {
    pieces[0].forEach(([epoch, loss], i) => {
      close(epoch, i + 1);
      close(loss, history[i][of === 0 ? 'train' : 'validation']?.loss ?? NaN);
    });
  });
});

it('metricChart draws a score, without validation where there is none', async () => {
  const bare = history.map(({ validation: _, ...record }) => record);
  const { lines, y } = readOne(await metricChart(bare, 'accuracy'));
  expect(lines.map(({ name }) => name)).toEqual(['training']);
  expect(y?.label).toBe('accuracy');
  lines[0].pieces[0].forEach(([, value], i) => {
    close(value, history[i].train['accuracy']);
  });
  await expect(metricChart(history, 'f1')).rejects.toThrow(
    new ValueError("metricChart: name must be a score of the history; got 'f1', it has loss, accuracy"),
  );
  expect(readOne(await metricChart([], 'f1')).lines).toEqual([]);
});

it('lrRangeChart draws losses, their average and the bounds', async () => {
  const rates = [0.001, 0.01, 0.1, 1, 10];
  const { lines, x, y, beside } = readOne(await lrRangeChart({ rates, losses: [2, 1.7, 1, 1.5, Infinity] }));
  expect([x?.label, x?.type, y?.label]).toEqual(['learning rate', 'log', 'loss']);
  expect(beside).toEqual(['Learning rate range test', 'loss', 'baseLr 0.01', 'maxLr 0.1']);
  expect(lines.map(({ dashed }) => dashed)).toEqual([false, false, true, true]);
  // Of so few losses the average is each itself.
  for (const { pieces } of lines.slice(0, 2)) expect(pieces[0].length).toBe(4);
  for (const [line, rate] of [
    [lines[2], 0.01],
    [lines[3], 0.1],
  ] as const) {
    const [[[from, low], [to, high]]] = line.pieces;
    for (const at of [from, to]) expect(Math.abs(Math.log10(at / rate))).toBeLessThan(0.01);
    close(low, 1);
    close(high, 2);
  }
  await expect(lrRangeChart({ rates: [1, 2], losses: [1, 2] })).rejects.toThrow(
    new ValueError('lrBounds: the loss must fall; none of 2 is below the first; begin with a lower rate'),
  );
});

it('parameterChart draws each in a panel of its own', async () => {
  const courses = { loss: [3, 2, 1], w: [-1, 0, 4], b: new Float32Array([0.5, NaN, 0.25]) };
  const panels = read(await parameterChart(courses, { columns: 2 }));
  expect(panels.map(({ beside }) => beside)).toEqual([['loss'], ['w'], ['b']]);
  Object.values(courses).forEach((values, i) => {
    const points = panels[i].lines[0].pieces.flat();
    const shown = Array.from(values).flatMap((value, step) => (Number.isNaN(value) ? [] : [[step, value]]));
    expect(points.length).toBe(shown.length);
    points.forEach(([step, value], k) => {
      expect(Math.abs(step - shown[k][0])).toBeLessThan(0.02);
      expect(Math.abs(value - shown[k][1])).toBeLessThan(0.05);
    });
  });
});

it('activationChart draws functions and, dashed, their derivatives', async () => {
  const { lines } = readOne(await activationChart({ sigmoid, square: (x) => x.square() }, { range: [-2, 2] }));
  expect(lines.map(({ name, dashed }) => [name, dashed])).toEqual([
    ['sigmoid', false],
    ['sigmoid', true],
    ['square', false],
    ['square', true],
  ]);
  const s = (x: number) => 1 / (1 + Math.exp(-x));
  [s, (x: number) => s(x) * (1 - s(x)), (x: number) => x * x, (x: number) => 2 * x].forEach((f, i) => {
    expect(lines[i].pieces[0].length).toBe(401);
    for (const [x, y] of lines[i].pieces[0]) expect(Math.abs(y - f(x))).toBeLessThan(0.05);
  });
  const alone = readOne(await activationChart({ sigmoid }, { derivative: false }));
  expect(alone.lines.map(({ dashed }) => dashed)).toEqual([false]);
});

it('scheduleChart asks the rates', async () => {
  const { lines } = readOne(await scheduleChart({ halves: (lr, step) => lr / 2 ** step }, { lr: 8, steps: 3 }));
  lines[0].pieces[0].forEach(([step, rate], i) => {
    close(step, i);
    expect(Math.abs(rate - [8, 4, 2, 1][i])).toBeLessThan(0.05);
  });
  await expect(scheduleChart({}, { steps: 0 })).rejects.toThrow(
    new ValueError('scheduleChart: steps must be a whole number ≥ 1; got 0'),
  );
});

it('learningCurveChart draws means within a deviation', async () => {
  const scores = [
    [
      { train: 1, validation: 0.4 },
      { train: 1, validation: 0.6 },
    ],
    [
      { train: 0.9, validation: 0.7 },
      { train: 0.9, validation: 0.9 },
    ],
  ];
  const train = (count: number, seed: number) => scores[count / 10 - 1][seed];
  const curve = await learningCurve(train, [10, 20], { seeds: [0, 1] });
  const { lines, bands } = readOne(await learningCurveChart(curve));
  expect(lines.map(({ name }) => name)).toEqual(['train', 'validation']);
  lines[1].pieces[0].forEach(([size, mean], i) => {
    expect(Math.abs(size - [10, 20][i])).toBeLessThan(0.1);
    close(mean, [0.5, 0.8][i]);
  });
  // The lower edge there, the upper one back; the deviation has n − 1 below the line.
  const d = 0.1 * Math.SQRT2;
  bands[1].points.forEach(([, y], i) => {
    close(y, 0.5 + [-d, 0.3 - d, 0.3 + d, d][i]);
  });
});

it('takes what a tensor holds', async () => {
  const [{ lines }] = read(await parameterChart({ w: tensor([1, 2, 3]).data() }));
  expect(lines[0].pieces[0].length).toBe(3);
});
