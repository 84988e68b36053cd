import { ShapeError } from 'adjoint';
import { confusionMatrix, detCurve, precisionRecallCurve, reliabilityBins, rocCurve } from 'adjoint/metrics';
import { calibrationChart, confusionChart, detChart, precisionRecallChart, rocChart } from 'adjoint/plot';
import { expect, it } from 'vitest';
import { readOne } from '../svg.js';

const scores = [0.1, 0.4, 0.35, 0.8, 0.7, 0.2];
const labels = [0, 0, 1, 1, 0, 1];
const close = (drawn: number, value: number): void => expect(Math.abs(drawn - value)).toBeLessThan(0.005);

it('rocChart draws the curve with its area, and chance', async () => {
  const curve = rocCurve()(scores, labels);
  const { lines, beside, x, y } = readOne(await rocChart({ mine: curve, same: curve }));
  expect(lines[0]).toMatchObject({
    name: '',
    dashed: true,
    pieces: [
      [
        [0, 0],
        [1, 1],
      ],
    ],
  });
  lines[1].pieces[0].forEach(([u, v], i) => {
    close(u, curve.falsePositiveRate[i]);
    close(v, curve.truePositiveRate[i]);
  });
  // Of the 9 pairs of one of each kind, 5 are in order.
  expect(beside).toEqual(['ROC', 'mine, AUC 0.556', 'same, AUC 0.556']);
  expect([x?.label, y?.label]).toEqual(['false positive rate', 'true positive rate']);
  expect(readOne(await rocChart(curve)).beside).toEqual(['ROC', 'AUC 0.556']);
});

it('precisionRecallChart draws the curve with its average precision', async () => {
  const curve = precisionRecallCurve(scores, labels);
  const { lines, beside } = readOne(await precisionRecallChart(curve));
  expect(lines[0].pieces[0].length).toBe(curve.recall.length);
  lines[0].pieces[0].forEach(([u, v], i) => {
    close(u, curve.recall[i]);
    close(v, curve.precision[i]);
  });
  // By falling scores + − − + + −: (1/1 + 2/4 + 3/5) / 3
  expect(beside).toEqual(['Precision and recall', 'AP 0.700']);
});

it('detChart draws rates at their normal deviates', async () => {
  const curve = { falsePositiveRate: [0.8, 0.5, 0.05], falseNegativeRate: [0.01, 0.2, 0.5], thresholds: [0, 1, 2] };
  const { lines, x, y } = readOne(await detChart({ mine: curve }));
  expect(x?.ticks.map(({ text }) => text)).toEqual([
    '0.1 %',
    '1 %',
    '5 %',
    '20 %',
    '50 %',
    '80 %',
    '95 %',
    '99 %',
    '99.9 %',
  ]);
  expect(y?.ticks.length).toBe(9);
  // Φ⁻¹ of 0.8, 0.5, 0.05 and of 0.01, 0.2, 0.5, by a table.
  const [deviates, others] = [
    [0.8416, 0, -1.6449],
    [-2.3263, -0.8416, 0],
  ];
  // By the ticks of 0.1 % and 99.9 %, ±3.0902.
  const deviateOf = (axis: typeof x, read: number): number => {
    const { ticks = [], value = () => NaN } = axis ?? {};
    const pixel = (read - value(0)) / (value(1) - value(0));
    return 3.0902 * ((2 * (pixel - ticks[0].at)) / (ticks[8].at - ticks[0].at) - 1);
  };
  lines[0].pieces[0].forEach(([u, v], i) => {
    expect(Math.abs(deviateOf(x, u) - deviates[i])).toBeLessThan(0.005);
    expect(Math.abs(deviateOf(y, v) - others[i])).toBeLessThan(0.005);
  });
  const { ticks = [], value = () => NaN } = x ?? {};
  expect(deviateOf(x, value(ticks[5].at))).toBeCloseTo(0.8416, 2);
  // Rates of 0 and 1 are infinitely far away.
  const { lines: real } = readOne(await detChart(detCurve(scores, labels)));
  expect(real[0].pieces.flat().flat().every(Number.isFinite)).toBe(true);
});

it('calibrationChart draws bins as bars, and leaves out empty ones', async () => {
  const bins = reliabilityBins({ bins: 4 })([0.9, 0.8, 0.6, 0.55], [1, 0, 1, 1]);
  const { boxes, lines, dots } = readOne(await calibrationChart(bins));
  const full = bins.filter(({ count }) => count > 0);
  expect(boxes.length).toBe(2);
  full.forEach(({ low, high, accuracy, confidence }, i) => {
    close(boxes[i].x[0], low);
    close(boxes[i].x[1], high);
    close(boxes[i].y[0], 0);
    close(boxes[i].y[1], accuracy);
    close(dots[i].at[0], confidence);
    close(dots[i].at[1], accuracy);
  });
  expect(lines[0].pieces).toEqual([
    [
      [0, 0],
      [1, 1],
    ],
  ]);
});

it('confusionChart writes counts into cells that share says the colours of', async () => {
  const [truth, predicted] = [
    [0, 0, 0, 1, 1, 2],
    [0, 0, 1, 1, 0, 1],
  ];
  const names = ['cat', 'dog', 'gnu'];
  const picture = readOne(await confusionChart(confusionMatrix({ classes: 3 })(predicted, truth), names));
  expect(picture.texts.map(({ text }) => Number(text))).toEqual([2, 1, 0, 1, 1, 0, 0, 1, 0]);
  expect(picture.x?.ticks.map(({ text }) => text)).toEqual(names);
  expect(picture.y?.ticks.map(({ text }) => text)).toEqual(names);
  expect([picture.x?.label, picture.y?.label]).toEqual(['predicted class', 'true class']);
  const share = [2 / 3, 1 / 3, 0, 1 / 2, 1 / 2, 0, 0, 1, 0];
  picture.boxes.forEach(({ fill }, i) => {
    expect(Math.abs(picture.valueOf(fill) - share[i])).toBeLessThan(0.04);
  });
  // The first class is at the top.
  const ticks = picture.y?.ticks ?? [];
  expect(ticks[0].at).toBeLessThan(ticks[2].at);
  const turned = readOne(await confusionChart(confusionMatrix({ rows: 'predicted' })(predicted, truth), names));
  expect([turned.x?.label, turned.y?.label]).toEqual(['true class', 'predicted class']);
  expect(turned.texts.map(({ text }) => Number(text))).toEqual([2, 1, 0, 1, 1, 1, 0, 0, 0]);
  await expect(confusionChart(confusionMatrix({ classes: 3 })(predicted, truth), ['a'])).rejects.toThrow(
    new ShapeError('confusionChart: 3 classes need as many labels; got 1'),
  );
});
