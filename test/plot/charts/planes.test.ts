import { nn, ShapeError, type Tensor, tensor, ValueError } from 'adjoint';
import { decisionChart, embeddingChart, pathChart, penaltyChart } from 'adjoint/plot';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { read, readOne } from '../svg.js';

const points = tensor([
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
]);

it('decisionChart draws scores, the line on which they are the threshold, and the examples', async () => {
  // x₁ + x₂ − 1 is 0 where the sum is 1.
  const model = (x: Tensor<[number, 2]>) => x.sum(1).sub(1).mul(4).sigmoid();
  const picture = readOne(await decisionChart(model, points, [0, 1, 1, 1]));
  const [border] = picture.lines;
  for (const [u, v] of border.pieces.flat()) expect(Math.abs(u + v - 1)).toBeLessThan(0.01);
  expect(picture.dots.map(({ name, at: [u, v] }) => [name, Math.round(u), Math.round(v)])).toEqual([
    ['class 0', 0, 0],
    ['class 1', 1, 0],
    ['class 1', 0, 1],
    ['class 1', 1, 1],
  ]);
  expect([picture.x?.domain, picture.y?.domain]).toEqual([
    [-0.1, 1.1],
    [-0.1, 1.1],
  ]);
  // Some of the cells, by their colours.
  for (const { x, y, fill } of picture.boxes.filter((_, i) => i % 97 === 0)) {
    const score = 1 / (1 + Math.exp(-4 * (x[0] + 0.005 + (y[0] + y[1]) / 2 - 1)));
    expect(Math.abs(picture.valueOf(fill) - score)).toBeLessThan(0.1);
  }
});

it('decisionChart colours the plane by the class of the largest score', async () => {
  const model = new nn.Linear(2, 3);
  const svg = await decisionChart((x) => model.forward(x), points, [0, 1, 2, 2], { resolution: 20 });
  const { images, dots, beside } = readOne(svg);
  expect(images.length).toBe(1);
  expect(dots.length).toBe(4);
  expect(beside).toEqual(['Decision surface', 'class 0', 'class 1', 'class 2']);
  const { default: sharp } = await import('sharp');
  const bytes = Buffer.from(images[0].href.split(',')[1], 'base64');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([20, 20]);
  const step = (i: number) => -0.1 + (1.2 * i) / 19;
  const colours = new Map<number, string>();
  for (let i = 0; i < 20; i++) {
    for (let j = 0; j < 20; j++) {
      const scores = model.forward(tensor([[step(j), step(i)]])).data();
      const best = scores.indexOf(Math.max(...scores));
      const at = ((19 - i) * 20 + j) * info.channels;
      const colour = data.subarray(at, at + 3).join();
      expect(colours.get(best) ?? colour).toBe(colour);
      colours.set(best, colour);
    }
  }
  expect(new Set(colours.values()).size).toBe(colours.size);
});

it('decisionChart says what it needs', async () => {
  await expect(decisionChart((x) => x.sum(), points, [0, 1, 1, 0], { resolution: 3 })).rejects.toThrow(
    new ShapeError('decisionChart: the model must give [n], [n, 1] or [n, classes] of [n, 2]; got [] of [9, 2]'),
  );
  await expect(decisionChart((x) => x, tensor([[1, 2, 3]]), [0])).rejects.toThrow(
    new ShapeError('decisionChart: points must be [n, 2]; got [1, 3]; project them onto two axes first'),
  );
  await expect(decisionChart((x) => x, points, [0, 1, 1, 0], { resolution: 1 })).rejects.toThrow(
    new ValueError('decisionChart: resolution must be a whole number ≥ 2; got 1'),
  );
});

it('penaltyChart finds the least cost in both balls', async () => {
  const hessian = [
    [1, 0],
    [0, 1],
  ] as const;
  const panels = read(await penaltyChart({ minimum: [0.5, 2], hessian }));
  expect(panels.map(({ beside }) => beside)).toEqual([['L1'], ['L2']]);
  const [sparse, round] = panels.map(({ dots }) => dots[1].at);
  // Of a round cost: the corner, and the minimum drawn towards 0.
  const near = (drawn: readonly number[], u: number, v: number) =>
    expect(Math.hypot(drawn[0] - u, drawn[1] - v)).toBeLessThan(0.01);
  near(sparse, 0, 1);
  near(round, 0.5 / Math.hypot(0.5, 2), 2 / Math.hypot(0.5, 2));
  for (const { dots } of panels) near(dots[0].at, 0.5, 2);
  for (const [u, v] of panels[0].lines[0].pieces[0]) expect(Math.abs(Math.abs(u) + Math.abs(v) - 1)).toBeLessThan(0.02);
  for (const [u, v] of panels[1].lines[0].pieces[0]) expect(Math.abs(Math.hypot(u, v) - 1)).toBeLessThan(0.02);
  // The contour through what was found touches the ball.
  const cost = (u: number, v: number) => ((u - 0.5) ** 2 + (v - 2) ** 2) / 2;
  const touching = panels[1].lines[3].pieces.flat();
  for (const [u, v] of touching) expect(Math.abs(cost(u, v) / cost(round[0], round[1]) - 1)).toBeLessThan(0.02);
  const inside = read(await penaltyChart({ minimum: [0.2, 0.1], hessian }));
  for (const { dots } of inside) near(dots[1].at, 0.2, 0.1);
});

it('penaltyChart refuses what is no bowl', async () => {
  const saddle = {
    minimum: [0, 1],
    hessian: [
      [1, 2],
      [2, 1],
    ],
  } as const;
  await expect(penaltyChart(saddle)).rejects.toThrow(
    new ValueError('penaltyChart: the Hessian must be symmetric and positive definite; got [[1, 2], [2, 1]]'),
  );
  await expect(
    penaltyChart(
      {
        ...saddle,
        hessian: [
          [1, 0],
          [0, 1],
        ],
      },
      { radius: 0 },
    ),
  ).rejects.toThrow(new ValueError('penaltyChart: radius must be a number > 0; got 0'));
});

it('pathChart draws ways over contours of their function', async () => {
  const way = [
    [-1, 0.5],
    [0.5, 0.25],
    [0, 0],
  ] as const;
  const { lines, dots } = readOne(await pathChart((x, y) => x * x + y * y, { descent: way }));
  const path = lines.find(({ name }) => name === 'descent');
  path?.pieces[0].forEach(([u, v], i) => {
    expect(Math.hypot(u - way[i][0], v - way[i][1])).toBeLessThan(0.01);
  });
  expect(dots.length).toBe(1);
  const circle = lines.find(({ name }) => name === '')?.pieces.flat() ?? [];
  const radii = circle.map(([u, v]) => Math.hypot(u, v));
  expect(Math.max(...radii) - Math.min(...radii)).toBeLessThan(0.02);
  await expect(pathChart(() => 0, {})).rejects.toThrow(new ValueError('pathChart: paths must have points; got none'));
});

it('embeddingChart places every point, in the colour of its class', async () => {
  const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), fc.nat(2));
  await fc.assert(
    fc.asyncProperty(fc.array(point, { minLength: 2, maxLength: 12 }), async (rows) => {
      fc.pre([0, 1].every((k) => new Set(rows.map((row) => row[k])).size > 1));
      const labels = rows.map(([, , label]) => label);
      const { dots } = readOne(await embeddingChart(tensor(rows.map(([x, y]) => [x, y])), { labels }));
      const expected = [0, 1, 2].flatMap((label) => rows.filter((row) => row[2] === label));
      expect(dots.map(({ name }) => Number(name))).toEqual(expected.map(([, , label]) => label));
      dots.forEach(({ at: [u, v] }, i) => {
        expect(Math.hypot(u - expected[i][0], v - expected[i][1])).toBeLessThan(0.2);
      });
    }),
    { numRuns: 20 },
  );
});

it('embeddingChart writes words beside their points', async () => {
  const { texts, dots, x } = readOne(await embeddingChart(points, { texts: ['king', 'queen', 'man', 'woman'] }));
  expect(texts.map(({ text }) => text)).toEqual(['king', 'queen', 'man', 'woman']);
  dots.forEach(({ at }, i) => {
    expect(texts[i].at[0]).toBeGreaterThan(at[0]);
    expect(Math.abs(texts[i].at[1] - at[1])).toBeLessThan(0.05);
  });
  expect(x?.value(600)).toBeGreaterThan(1.05);
  await expect(embeddingChart(tensor([1, 2]))).rejects.toThrow(
    new ShapeError('embeddingChart: points must be [n, 2]; got [2]; project them onto two axes first'),
  );
});
