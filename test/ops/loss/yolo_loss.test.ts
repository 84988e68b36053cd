import { ones, tensor, yoloLoss, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, reductions, sum, vectors } from '../../losses.js';

/** [x, y, w, h] of a cell of a grid as corners in images. */
const corners = ([x, y, w, h]: number[], [rows, columns]: number[]): number[] => {
  const [width, height] = [Math.max(0, w), Math.max(0, h)];
  return [x / columns - width / 2, y / rows - height / 2, x / columns + width / 2, y / rows + height / 2];
};

function iou(a: number[], b: number[]): number {
  const side = (i: number): number => Math.max(0, Math.min(a[i + 2], b[i + 2]) - Math.max(a[i], b[i]));
  const area = (c: number[]): number => (c[2] - c[0]) * (c[3] - c[1]);
  const shared = side(0) * side(1);
  const joined = area(a) + area(b) - shared;
  return joined === 0 ? 0 : shared / joined;
}

const reference = ([input, target]: Plain[], options: { boxes?: number; coord?: number; noObject?: number } = {}) => {
  const { boxes = 2, coord = 5, noObject = 0.5 } = options;
  const [n, rows, columns] = input.shape;
  const truths = vectors(target);
  const cells = vectors(input).map((cell, i) => {
    const truth = truths[i];
    const object = truth[4];
    const predicted = Array.from({ length: boxes }, (_, b) => cell.slice(5 * b, 5 * b + 5));
    const overlaps = predicted.map((box) => iou(corners(box, [rows, columns]), corners(truth, [rows, columns])));
    const best = overlaps.indexOf(Math.max(...overlaps));
    const root = (x: number): number => Math.sqrt(Math.max(0, x));
    const boxLosses = predicted.map(([x, y, w, h, confidence], b) => {
      const share = b === best ? object : 0;
      const place = (x - truth[0]) ** 2 + (y - truth[1]) ** 2;
      const size = (root(w) - root(truth[2])) ** 2 + (root(h) - root(truth[3])) ** 2;
      return (
        share * (coord * (place + size) + (confidence - overlaps[b]) ** 2) + (1 - share) * noObject * confidence ** 2
      );
    });
    const classes = cell.slice(5 * boxes).map((p, c) => (p - truth[5 + c]) ** 2);
    return sum(boxLosses) + object * sum(classes);
  });
  return reduced([n], vectors({ shape: [n, rows * columns], data: cells }).map(sum), options);
};

const truth = { shape: [2, 2, 3, 7], range: [0.1, 0.9] as [number, number] };
const fixed = (boxes: number) => [
  { shape: [2, 2, 3, 5 * boxes + 2], range: [0.1, 0.9] as [number, number] },
  {
    ...truth,
    dtype: 'uint8' as const,
    values: Array.from({ length: 84 }, (_, i) => [0, 1, 1, 1, Number(i % 14 < 7), 0, 1][i % 7]),
  },
];

spec('yoloLoss', yoloLoss, {
  reference,
  samples: [
    // Differentiated by what is predicted: the choice and the IoU are constants of the loss.
    ...reductions(fixed(1), { boxes: 1 }).map((sample) => ({ ...sample, smooth: false })),
    ...reductions(fixed(2)).map((sample) => ({ ...sample, smooth: false })),
    ...reductions(fixed(3), { boxes: 3, coord: 0.5, noObject: 1 }).map((sample) => ({ ...sample, smooth: false })),
    {
      operands: [
        { shape: [1, 1, 1, 10], range: [-1, 1] },
        { shape: [1, 1, 1, 5], values: [0.5, 0.5, 0.2, 0.3, 1] },
      ],
      smooth: false,
    },
    // No object, so that nothing depends on the IoU.
    {
      operands: [
        { shape: [1, 1, 2, 7], range: [0.1, 0.9] },
        { shape: [1, 1, 2, 7], dtype: 'uint8', values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
      ],
      args: [{ boxes: 1 }],
    },
    { operands: [{ shape: [0, 2, 2, 12] }, { shape: [0, 2, 2, 7] }], args: [{ reduction: 'none' }], smooth: false },
  ],
  slack: 8,
  errors: [
    {
      call: () => yoloLoss(ones([2, 7, 7, 30]), ones([2, 7, 7, 30])),
      says: 'yoloLoss: target must be [2, 7, 7, 25], for 20 classes beside 2 boxes of input [2, 7, 7, 30]; got [2, 7, 7, 30]',
    },
    {
      call: () => yoloLoss(ones([2, 7, 7, 9]), ones([2, 7, 7, 30])),
      says: 'yoloLoss: input must have 5 numbers for each of 2 boxes; got [2, 7, 7, 9]',
    },
    {
      call: () => yoloLoss(ones([2, 3]), ones([2, 3])),
      says: 'yoloLoss: input must have the axes [N, rows, columns, 5 · boxes + classes]; got [2, 3]',
    },
    {
      call: () => yoloLoss(ones([1]), ones([1]), { boxes: 0 }),
      says: 'yoloLoss: boxes must be a whole number ≥ 1; got 0',
    },
    {
      call: () => yoloLoss(ones([1]), ones([1]), { coord: -1 }),
      says: 'yoloLoss: coord must be a finite number ≥ 0; got -1',
    },
  ],
});

it('yoloLoss teaches the box that overlaps most, its size by roots, and its confidence the IoU', () => {
  const truth = tensor([[[[0.5, 0.5, 0.25, 0.25, 1, 1]]]]);
  const input = tensor([[[[0.5, 0.5, 0.16, 0.16, 0.9, 0.5, 0.5, 0.01, 0.01, 0.3, 0.8]]]]).requireGrad();
  const loss = yoloLoss(input, truth);
  // 5 · 2 · (0.4 − 0.5)² + (0.9 − 0.16² / 0.25²)² + 0.5 · 0.3² + (0.8 − 1)²
  expect(loss.item()).toBeCloseTo(0.1 + (0.9 - 0.4096) ** 2 + 0.045 + 0.04, 6);
  loss.backward();
  const [gradient] = [input.grad?.data() ?? new Float32Array()];
  // d/dw 5 (√w − ½)² = 5 (√w − ½) / √w
  const wanted = [0, 0, -1.25, -1.25, 2 * (0.9 - 0.4096), 0, 0, 0, 0, 0.3, -0.4];
  wanted.forEach((x, i) => {
    expect(gradient[i]).toBeCloseTo(x, 5);
  });
});

it('lecture notes 004, line 7243: 19 × 19 cells of 5 have 1805 boxes; line 7317: 7 × 7 of 2, 1470 numbers', () => {
  // Without objects each box that is sure of one costs 1.
  const sure = (cells: number, boxes: number, classes: number): [number, number] => {
    const cell = [
      ...Array.from({ length: boxes }, () => [0, 0, 0, 0, 1]).flat(),
      ...new Array<number>(classes).fill(0),
    ];
    const input = tensor(cell).expand([1, cells, cells, cell.length]);
    const truth = zeros([1, cells, cells, 5 + classes]);
    return [yoloLoss(input, truth, { boxes, noObject: 1, reduction: 'sum' }).item(), input.size];
  };
  expect(sure(19, 5, 20)[0]).toBe(1805);
  expect(sure(7, 2, 20)).toEqual([98, 1470]);
});
