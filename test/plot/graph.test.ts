import { graph, nn, rand, type Tensor, tensor } from 'adjoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGraph } from '../../lib/plot/index.js';
import { type Box, placeInLayers } from '../../lib/plot/layers.js';

const box = (width: number, height: number): Box => ({ width, height, x: 0, y: 0 });

describe('the layout', () => {
  it('puts every box right of those it depends on, and none upon another', () => {
    const graphs = fc.integer({ min: 1, max: 20 }).chain((count) =>
      fc.tuple(
        fc.array(fc.tuple(fc.integer({ min: 5, max: 90 }), fc.integer({ min: 5, max: 60 })), {
          minLength: count,
          maxLength: count,
        }),
        fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 30 }),
      ),
    );
    fc.assert(
      fc.property(graphs, ([sizes, pairs]) => {
        const boxes = sizes.map(([width, height]) => box(width, height));
        const edges = pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        const { routes, width, height } = placeInLayers(boxes, edges);
        edges.forEach(([from, to], i) => {
          expect(boxes[from].x + boxes[from].width).toBeLessThan(boxes[to].x);
          expect([routes[i][0], routes[i].at(-1)]).toEqual([boxes[from], boxes[to]]);
          for (let k = 1; k < routes[i].length; k++) expect(routes[i][k].x).toBeGreaterThan(routes[i][k - 1].x);
        });
        for (const a of boxes) {
          expect(a.x).toBeGreaterThanOrEqual(0);
          expect(a.x + a.width).toBeLessThanOrEqual(width + 1e-6);
          expect(a.y - a.height / 2).toBeGreaterThanOrEqual(-1e-6);
          expect(a.y + a.height / 2).toBeLessThanOrEqual(height + 1e-6);
          for (const b of boxes) {
            if (a === b) continue;
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) + 1e-6 >= (a.height + b.height) / 2;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });

  it('crosses no edges where it need not', () => {
    // Two chains, entered in an order that crosses.
    const boxes = Array.from({ length: 6 }, () => box(10, 10));
    placeInLayers(boxes, [
      [0, 3],
      [1, 2],
      [2, 5],
      [3, 4],
    ]);
    const above = (a: number, b: number): boolean => boxes[a].y < boxes[b].y;
    expect([above(2, 3), above(5, 4)]).toEqual([above(1, 0), above(1, 0)]);
  });
});

describe('drawGraph', () => {
  const w = tensor([[1, -2]]).requireGrad();
  const names: Record<string, Tensor> = { 'w & <v>': w };
  const g = graph(() => (names['total'] = w.mul(3).square().sum()), { names });
  const svg = drawGraph(g);

  it('shows every node with its text, and every edge', () => {
    const nodes = [...svg.matchAll(/<g data-node="([^"]*)" data-op="([^"]*)" data-kind="(\w+)">(.*?)<\/g>/g)];
    expect(nodes.map(([, name, op, kind]) => [name, op, kind])).toEqual(
      g.nodes.map(({ name, op, kind }) => [name.replace('w & <v>', 'w &amp; &lt;v&gt;'), op ?? '', kind]),
    );
    const texts = nodes.map(([, , , , inside]) =>
      [...inside.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text),
    );
    expect(texts[0]).toEqual(['w &amp; &lt;v&gt;', 'float32 [1, 2]', '[[1, -2]]', '∇ [[18, -36]]']);
    expect(texts.at(-1)).toEqual([`total = ${g.result.op}`, 'float32 []', '45', '∂total/∂total = 1']);
    const edges = [...svg.matchAll(/<g data-from="([^"]*)" data-to="([^"]*)"(?: data-derivative="([^"]*)")?>/g)];
    expect(edges.length).toBe(g.nodes.reduce((sum, { inputs }) => sum + inputs.length, 0));
  });

  it('keeps derivatives that are there', () => {
    const x = tensor(3).requireGrad();
    const drawn = drawGraph(graph(() => x.mul(x).mul(0.5), { names: { x } }));
    expect([...drawn.matchAll(/data-derivative="([^"]*)"/g)].map(([, value]) => Number(value))).toEqual([3, 3, 0.5]);
  });

  it('is as large as what it shows', () => {
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
    const picture = drawGraph(graph(() => model.forward(rand([5, 3])).sum()));
    const [, left, top, width, height] = (/viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(picture) ?? []).map(Number);
    const boxes = [...picture.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" rx/g)];
    expect(boxes.length).toBeGreaterThan(8);
    for (const [, x, y, w, h] of boxes.map((match) => match.map(Number))) {
      expect(x).toBeGreaterThan(left);
      expect(y).toBeGreaterThan(top);
      expect(x + w).toBeLessThan(left + width);
      expect(y + h).toBeLessThan(top + height);
    }
  });
});
