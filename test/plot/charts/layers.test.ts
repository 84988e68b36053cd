import { rand, ShapeError, tensor, ValueError } from 'adjoint';
import {
  attentionChart,
  featureMapChart,
  filterChart,
  gradientChart,
  histogramChart,
  imageChart,
  positionChart,
} from 'adjoint/plot';
import { expect, it } from 'vitest';
import { read, readOne } from '../svg.js';

const close = (drawn: number, value: number): void => expect(Math.abs(drawn - value)).toBeLessThan(0.01);

async function pixelsOf(href: string): Promise<{ data: number[]; width: number; height: number; channels: number }> {
  const { default: sharp } = await import('sharp');
  const bytes = Buffer.from(href.split(',')[1], 'base64');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data: [...data], width: info.width, height: info.height, channels: info.channels };
}

it('histogramChart counts the values of each layer in bins of one width', async () => {
  const layers = { first: [0, 0.1, 0.9, 1, 2], second: tensor([2, 2, 0, NaN]) };
  const panels = read(await histogramChart(layers, { bins: 4 }));
  expect(panels.map(({ beside }) => beside)).toEqual([['first'], ['second']]);
  const heights = [
    [0.4, 0.2, 0.2, 0.2],
    [1 / 3, 0, 0, 2 / 3],
  ];
  panels.forEach(({ boxes }, i) => {
    boxes.forEach(({ x, y }, bin) => {
      close(x[0], bin / 2);
      close(x[1], (bin + 1) / 2);
      close(y[1], heights[i][bin]);
    });
    expect(boxes.length).toBe(4);
  });
  await expect(histogramChart({ empty: [NaN] })).rejects.toThrow(
    new ValueError('histogramChart: layers must have finite values; empty has none'),
  );
});

it('gradientChart draws norms against depth, a line for each record', async () => {
  const record = (step: number, norms: number[]) => ({
    step,
    parameters: norms.map((norm, i) => ({ name: `layer ${i}`, norm, weightNorm: 1, zeros: 0 })),
  });
  const norms = [
    [1e-6, 1e-3, 1],
    [0.1, 0.2, 0.4],
  ];
  const { lines, x, beside } = readOne(await gradientChart([record(1, norms[0]), record(100, norms[1])]));
  expect(x?.ticks.map(({ text }) => text)).toEqual(['layer 0', 'layer 1', 'layer 2']);
  expect(beside).toEqual(['Gradients', 'step 1', 'step 100']);
  lines.forEach(({ pieces }, i) => {
    pieces[0].forEach(([depth, norm], k) => {
      close(depth, k);
      expect(norm / norms[i][k]).toBeCloseTo(1, 1);
    });
  });
});

it('attentionChart draws a cell for each weight, the first query at the top', async () => {
  const weights = [
    [0.7, 0.2, 0.1],
    [0.3, 0.3, 0.4],
  ];
  const options = { queries: ['a', 'b'], keys: ['x', 'y', 'z'] };
  const picture = readOne(await attentionChart(tensor(weights), options));
  expect([picture.x?.ticks, picture.y?.ticks].map((ticks) => ticks?.map(({ text }) => text))).toEqual([
    ['x', 'y', 'z'],
    ['a', 'b'],
  ]);
  weights.flat().forEach((weight, at) => {
    const { x, y, fill } = picture.boxes[at];
    expect(Math.abs(x[0] + 0.5 - (at % 3))).toBeLessThan(0.02);
    expect(Math.abs((y[0] + y[1]) / 2 - Math.floor(at / 3))).toBeLessThan(0.02);
    expect(Math.abs(picture.valueOf(fill) - weight)).toBeLessThan(0.03);
  });
  const [top, bottom] = picture.y?.ticks ?? [];
  expect(top.at).toBeLessThan(bottom.at);
  const heads = read(await attentionChart(rand([3, 4, 4]), { queries: ['a', 'b', 'c', 'd'] }));
  expect(heads.map(({ beside }) => beside[0])).toEqual(['head 0', 'head 1', 'head 2']);
  expect(heads[2].x?.ticks.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
});

it('attentionChart says what it needs', async () => {
  await expect(attentionChart(tensor([1]))).rejects.toThrow(
    new ShapeError('attentionChart: weights must be [queries, keys] or [heads, queries, keys]; got [1]'),
  );
  await expect(attentionChart(rand([2, 3]), { keys: ['a'] })).rejects.toThrow(
    new ShapeError('attentionChart: 3 keys need as many names; got 1'),
  );
});

it('positionChart draws the table, the first position at the top', async () => {
  const rows = [...Array(6).keys()].map((p) => [0, 1, 2].map((i) => Math.sin(p + 2 * i)));
  const picture = readOne(await positionChart(tensor(rows)));
  rows.flat().forEach((value, at) => {
    expect(Math.abs(picture.valueOf(picture.boxes[at].fill) - value)).toBeLessThan(0.08);
  });
  expect(picture.y?.value(0)).toBeLessThan(picture.y?.value(400) ?? NaN);
  await expect(positionChart(tensor([1]))).rejects.toThrow(
    new ShapeError('positionChart: the table must be [positions, dimensions]; got [1]'),
  );
});

it('imageChart shows the pixels of every image', async () => {
  const panels = read(
    await imageChart(
      tensor([
        [
          [0, 128],
          [255, 51],
        ],
        [
          [1, 1],
          [1, 3],
        ],
      ]),
      { captions: ['a', 'b'] },
    ),
  );
  expect(panels.map(({ beside }) => beside)).toEqual([['a'], ['b']]);
  const [first, second] = await Promise.all(panels.map(({ images }) => pixelsOf(images[0].href)));
  const greys = ({ data, channels }: typeof first) => data.filter((_, i) => i % channels === 0);
  expect([first.width, first.height]).toEqual([2, 2]);
  expect(greys(first)).toEqual([0, 128, 255, 51]);
  expect(greys(second)).toEqual([0, 0, 0, 255]);
  const [range] = read(
    await imageChart(
      tensor([
        [
          [0, 0.5],
          [1, 2],
        ],
      ]),
      { range: [0, 1] },
    ),
  );
  expect(greys(await pixelsOf(range.images[0].href))).toEqual([0, 128, 255, 255]);
});

it('imageChart puts colours, boxes and masks over them', async () => {
  const image = tensor([
    [
      [
        [1, 0],
        [0, 0],
      ],
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ],
  ]);
  const [{ images, lines, texts }] = read(
    await imageChart(image, {
      boxes: [{ boxes: [[0.5, 0, 2, 1.5]], labels: [1] }],
      names: ['cat', 'dog'],
      masks: tensor([
        [
          [0, 1],
          [2, 0],
        ],
      ]),
      size: 200,
    }),
  );
  const { data, channels } = await pixelsOf(images[0].href);
  expect(channels).toBe(3);
  expect(data).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0]);
  const mask = await pixelsOf(images[1].href);
  expect(mask.data.filter((_, i) => i % 4 === 3)).toEqual([0, 110, 110, 0]);
  expect(mask.data.slice(4, 7)).toEqual([0xd5, 0x5e, 0]);
  // Axes are hidden: what is read is pixels, 100 for one of the image.
  expect(lines[0].pieces[0]).toEqual([
    [50, 0],
    [200, 0],
    [200, 150],
    [50, 150],
    [50, 0],
  ]);
  expect(texts.map(({ text }) => text)).toEqual(['dog', 'dog']);
});

it('imageChart refuses what is no image', async () => {
  const shapes = 'imageChart: images must be [n, height, width] or [n, 1 or 3, height, width]; got';
  await expect(imageChart(rand([2, 5, 8, 8]))).rejects.toThrow(new ShapeError(`${shapes} [2, 5, 8, 8]`));
  await expect(imageChart(rand([8, 8]))).rejects.toThrow(new ShapeError(`${shapes} [8, 8]`));
  await expect(imageChart(rand([2, 8, 8]), { masks: rand([2, 4, 4]) })).rejects.toThrow(
    new ShapeError('imageChart: masks must be [2, 8, 8], as the images; got [2, 4, 4]'),
  );
});

it('filterChart and featureMapChart show a channel each', async () => {
  const grey = read(await filterChart(rand([3, 2, 5, 5])));
  expect(grey.length).toBe(6);
  expect(read(await filterChart(rand([4, 3, 5, 5]))).length).toBe(4);
  expect(read(await featureMapChart(rand([7, 6, 4]))).length).toBe(7);
  const { width, height } = await pixelsOf(grey[0].images[0].href);
  expect([width, height]).toEqual([5, 5]);
});
