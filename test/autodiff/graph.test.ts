import {
  grad,
  graph,
  nn,
  noGrad,
  ones,
  rand,
  relu,
  ShapeError,
  StateError,
  type Tensor,
  tensor,
  ValueError,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

const leaf = (value: number): Tensor => tensor(value, { dtype: 'float64' }).requireGrad();
const constant = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** Lecture notes 004, lines 5446–5512: C = y − max(0, w x + b) at y = 5, w = 2, x = 1, b = 1. */
function traceTable() {
  const names: Record<string, Tensor> = { w1: leaf(2), w2: leaf(1), w3: leaf(1), w4: leaf(5) };
  return graph(
    () => {
      names['w5'] = names['w1'].mul(names['w2']);
      names['w6'] = names['w5'].add(names['w3']);
      names['w7'] = relu(names['w6']);
      names['w8'] = names['w4'].sub(names['w7']);
      return names['w8'];
    },
    { names },
  );
}

/** Lecture notes 002, lines 1036–1064: a = b c, b = d + e, c = e + 2, d = f + 3, e = f g at f = 4, g = 2. */
function severalPaths() {
  const names: Record<string, Tensor> = { f: leaf(4), g: leaf(2) };
  return graph(
    () => {
      names['e'] = names['f'].mul(names['g']);
      names['d'] = names['f'].add(3);
      names['b'] = names['d'].add(names['e']);
      names['c'] = names['e'].add(2);
      names['a'] = names['b'].mul(names['c']);
      return names['a'];
    },
    { names },
  );
}

const number = (x: Tensor | null): number => Number(x?.item());

describe.each(engines)('the graph on $name', ({ use }) => {
  it('gives the trace table of lecture notes 004, lines 5456–5466 and 5480–5512', () => {
    use();
    const g = traceTable();
    expect(g.nodes.map(({ name, value }) => [name, number(value)])).toEqual([
      ['w1', 2],
      ['w2', 1],
      ['w3', 1],
      ['w4', 5],
      ['w5', 2],
      ['w6', 3],
      ['w7', 3],
      ['w8', 2],
    ]);
    const edges = g.nodes.flatMap((to) => to.inputs.map(({ from, derivative }) => [to.name, from.name, derivative]));
    expect(edges).toEqual([
      ['w5', 'w1', 1],
      ['w5', 'w2', 2],
      ['w6', 'w5', 1],
      ['w6', 'w3', 1],
      ['w7', 'w6', 1],
      ['w8', 'w4', 1],
      ['w8', 'w7', -1],
    ]);
    expect(number(g.node('w1').gradient)).toBe(-1);
    expect(g.paths('w1').map(({ product }) => product)).toEqual([-1]);
    expect(['w2', 'w3', 'w4'].map((name) => number(g.node(name).gradient))).toEqual([-2, -1, 1]);
  });

  it('gives the table as text', () => {
    use();
    expect(String(traceTable())).toBe(
      [
        'node  expression   type        value  ∂w8/∂node',
        'w1    leaf         float64 []  2      -1',
        'w2    leaf         float64 []  1      -2',
        'w3    leaf         float64 []  1      -1',
        'w4    leaf         float64 []  5      1',
        'w5    mul(w1, w2)  float64 []  2      -1',
        'w6    add(w5, w3)  float64 []  3      -1',
        'w7    relu(w6)     float64 []  3      -1',
        'w8    sub(w4, w7)  float64 []  2      1',
      ].join('\n'),
    );
  });

  it('gives the step of lecture notes 001, lines 342–407: ∂L/∂w = 12, ∂L/∂b = 6, w → 0.8, b → 0.4', () => {
    use();
    const names: Record<string, Tensor> = { w: leaf(2), x: constant(2), b: leaf(1), y: constant(2) };
    const g = graph(
      () => {
        names['q'] = names['w'].mul(names['x']);
        names['o'] = names['q'].add(names['b']);
        names['L'] = names['o'].sub(names['y']).square();
        return names['L'];
      },
      { names },
    );
    expect(['q', 'o', 'L'].map((name) => number(g.node(name).value))).toEqual([4, 5, 9]);
    expect(['L', 'o', 'q', 'w', 'b'].map((name) => number(g.node(name).gradient))).toEqual([1, 6, 6, 12, 6]);
    expect(g.node('y').gradient).toBeNull();
    const step = (name: string): number => number(g.node(name).value) - 0.1 * number(g.node(name).gradient);
    expect(step('w')).toBeCloseTo(0.8, 12);
    expect(step('b')).toBeCloseTo(0.4, 12);
  });

  it('sums over the paths of lecture notes 002, lines 1036–1064: a = 150, ∂a/∂f = c + g c + g b = 60', () => {
    use();
    const g = severalPaths();
    expect(number(g.result.value)).toBe(150);
    const paths = g.paths('f').map(({ nodes, product }) => [nodes.map(({ name }) => name).join(''), product]);
    expect(new Map(paths as [string, number][])).toEqual(
      new Map([
        ['fdba', 10],
        ['feba', 20],
        ['feca', 30],
      ]),
    );
    expect(number(g.node('f').gradient)).toBe(60);
    expect(number(g.node('g').gradient)).toBe(100);
    expect(g.paths('f', 'b').reduce((sum, { product }) => sum + product, 0)).toBe(3);
    expect(g.paths('d', 'c')).toEqual([]);
    const [own] = g.paths('a', 'a');
    expect(own).toMatchObject({ derivatives: [], product: 1 });
  });

  it('counts an operand that is read twice twice', () => {
    use();
    const x = leaf(3);
    const g = graph(() => x.mul(x), { names: { x } });
    expect(g.paths('x').map(({ product }) => product)).toEqual([3, 3]);
    expect(number(g.node('x').gradient)).toBe(6);
  });

  it('gives gradients within a network that are those of grad, and its names', () => {
    use();
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2));
    const x = rand([5, 3]);
    let hidden: Tensor = x;
    const head = (h: Tensor): Tensor => model.layers[2].forward(h).square().sum();
    const g = graph(
      () => {
        hidden = model.layers[1].forward(model.layers[0].forward(x));
        return head(hidden);
      },
      { names: model.stateDict() },
    );
    const named = g.nodes.filter(({ kind }) => kind === 'leaf').map(({ name }) => name);
    expect(named).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    const tanh = g.nodes.find(({ op }) => op === 'tanh');
    expect(tanh?.value?.toArray()).toEqual(hidden.toArray());
    expect(tanh?.gradient?.toArray()).toEqual(grad(head)(hidden.detach()).toArray());
    // Nothing was added to the parameters' gradients, and the result can still be differentiated.
    expect(model.parameters().map(({ grad }) => grad)).toEqual([null, null, null, null]);
  });

  it('shows what is left of a result that is there already', () => {
    use();
    const w = tensor([[1, 2]]).requireGrad();
    const y = w.mul(3).exp().sum();
    y.backward(undefined, { retainGraph: true });
    const g = graph(y, { names: { w } });
    expect(g.nodes.map(({ name, op, shape, value }) => [name, op, shape, value === null])).toEqual([
      ['w', null, [1, 2], false],
      ['v1', 'mul', [1, 2], true],
      ['v2', 'exp', [1, 2], true],
      ...g.nodes.slice(3).map(({ name, op, shape }, i, { length }) => [name, op, shape, i < length - 1]),
    ]);
    expect(g.node('w').gradient?.toArray()).toEqual(w.grad?.toArray());
    expect(g.result.value?.item()).toBe(y.item());
    expect(() => g.paths('w')).toThrow(ShapeError);
  });

  it('is that of the ops even within noGrad, and starts from a given gradient', () => {
    use();
    const x = tensor([1, 2]).requireGrad();
    const g = noGrad(() => graph(() => x.mul(5), { names: { x }, gradient: tensor([1, 10]) }));
    expect(g.node('x').gradient?.toArray()).toEqual([5, 50]);
    expect(graph(() => x.mul(5)).nodes.map(({ gradient }) => gradient)).toEqual([null, null, null]);
  });

  it('finds names that are not taken, and calls numbers by their value', () => {
    use();
    const [x1, half] = [leaf(3), constant(0.5)];
    const g = graph(() => x1.mul(half).mul(leaf(2)).add(0.25), { names: { x1, v1: half } });
    expect(g.nodes.map(({ name }) => name)).toEqual(['x1', 'v1', 'x2', '0.25', 'v2', 'v3', 'v4']);
    expect(
      String(g)
        .split('\n')
        .slice(1)
        .map((row) => row.split('  ')[0]),
    ).toEqual(['x1', 'v1', 'x2', 'v2', 'v3', 'v4']);
    expect(String(g)).toContain('add(v3, 0.25)');
  });

  it('gives a leaf alone', () => {
    use();
    const x = leaf(3);
    expect(String(graph(() => x, { names: { x } }))).toMatch(/^x +leaf +float64 \[\] +3 +1$/m);
  });
});

describe('DOT', () => {
  it('says the same as the nodes', () => {
    const g = severalPaths();
    const dot = g.toDot();
    const labels = new Map([...dot.matchAll(/^ {2}(n\d+) \[.*label="(.*)"\];$/gm)].map(([, id, label]) => [id, label]));
    expect([...labels.values()]).toEqual(g.nodes.map((node) => g.label(node).join('\\n')));
    expect([...labels.values()]).toContain('e = mul\\nfloat64 []\\n8\\n∂a/∂e = 25');
    const edges = [...dot.matchAll(/^ {2}(n\d+) -> (n\d+)(?: \[label="(.*)"\])?;$/gm)];
    const nameOf = (id: string): string => g.nodes[Number(id.slice(1))].name;
    expect(edges.map(([, from, to, label]) => [nameOf(from), nameOf(to), label])).toEqual(
      g.nodes.flatMap((to) =>
        to.inputs.map(({ from, derivative }) => [
          from.name,
          to.name,
          derivative === null ? undefined : String(derivative),
        ]),
      ),
    );
    expect(dot).toMatch(/^digraph \{\n[\s\S]*\n\}\n$/);
  });

  it('quotes names', () => {
    const x = leaf(1);
    expect(graph(() => x.mul(x), { names: { 'a "b" \\c': x } }).toDot()).toContain('label="a \\"b\\" \\\\c\\nfloat64');
  });
});

describe('mistakes', () => {
  const x = leaf(1);

  it.each<[string, () => unknown, Error]>([
    [
      'a promise',
      () => graph((async () => x) as unknown as () => Tensor),
      new StateError('graph: the function must return a tensor at once; got a promise; await outside of it'),
    ],
    [
      'a number',
      () => graph((() => 3) as unknown as () => Tensor),
      new StateError('graph: the function must return a tensor at once; got number'),
    ],
    [
      'a released graph',
      () => {
        const y = x.mul(2);
        y.backward();
        return graph(y);
      },
      new StateError(
        'graph: the graph behind this mul was released by backward; draw it before, or pass { retainGraph: true }',
      ),
    ],
    [
      'a name that is not there',
      () => graph(() => x.mul(x), { names: { x } }).node('y'),
      new ValueError('graph: there is no node y; got x, v1; pass its tensor in names'),
    ],
    [
      'paths through several elements',
      () => graph(() => x.mul(ones([2], { dtype: 'float64' })).sum(), { names: { x } }).paths('x'),
      new ShapeError('paths: every node on the way must have one element; v1 has shape [2]'),
    ],
    [
      'paths without values',
      () => graph(x.mul(x), { names: { x } }).paths('x'),
      new ShapeError(
        'paths: the derivative of v1 to x is not known; give graph a function, so that it sees the values',
      ),
    ],
    [
      'more paths than can be listed',
      () =>
        graph(
          () => {
            let y: Tensor = x;
            for (let i = 0; i < 20; i++) y = y.add(y);
            return y;
          },
          { names: { x } },
        ).paths('x'),
      new ValueError('paths: at most 10000 paths are listed from x to v20; use its gradient'),
    ],
  ])('%s', (_, make, error) => {
    expect(make).toThrow(error);
  });
});
