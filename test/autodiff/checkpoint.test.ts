import {
  capture,
  checkpoint,
  dropout,
  Generator,
  grad,
  gradcheck,
  hessian,
  jvp,
  nn,
  noGrad,
  ones,
  randn,
  seed,
  type Tensor,
  tensor,
  valueAndGrad,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { defaultGenerator } from '../../lib/core/random.js';
import { collected } from '../collected.js';
import { engines, expectClose } from '../harness.js';

const d = (values: number[]): Tensor => tensor(values, { dtype: 'float64' });
const like = (x: Tensor): { shape: number[]; data: number[] } => ({ shape: [...x.shape], data: [...x.data()] });

/** Bytes of the storages that the tape behind a result holds, the given tensors' aside. */
function heldBytes(result: Tensor, aside: readonly Tensor[] = []): number {
  const outside = new Set(aside.map(({ storage }) => storage));
  const held = new Set<Tensor['storage']>();
  const seen = new Set();
  const stack = [result.node];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === null || seen.has(node)) continue;
    seen.add(node);
    for (const tensor of node.saved) if (tensor !== null && !outside.has(tensor.storage)) held.add(tensor.storage);
    for (const edge of node.inputs) if (edge !== null && 'inputs' in edge.to) stack.push(edge.to);
  }
  return [...held].reduce((bytes, { data }) => bytes + data.byteLength, 0);
}

describe.each(engines)('checkpoint on $name', ({ use }) => {
  const f = (x: Tensor, w: Tensor): Tensor => x.mul(w).sin().mul(x).exp().sum();
  const [x, w] = [d([0.3, -0.8, 1.1]), d([2, -1, 0.5])];

  it('gives the value and the gradients of the function', () => {
    use();
    const at = { x, w };
    const [value, gradient] = valueAndGrad((p: typeof at) => checkpoint(f)(p.x, p.w))(at);
    const [wanted, slope] = valueAndGrad((p: typeof at) => f(p.x, p.w))(at);
    expect(value.item()).toBe(wanted.item());
    expect([gradient.x.toArray(), gradient.w.toArray()]).toEqual([slope.x.toArray(), slope.w.toArray()]);
  });

  it('accumulates in grad of leaves, and of the parameters of layers that it uses', () => {
    use();
    const layers = [new nn.Linear(4, 8), new nn.Linear(8, 4)];
    const block = (x: Tensor): Tensor => layers[1].forward(layers[0].forward(x).tanh());
    const input = randn([5, 4]).requireGrad();
    const gradients = [block, checkpoint(block)].map((run) => {
      const leaves = [input, ...layers.flatMap((layer) => layer.parameters())];
      for (const leaf of leaves) leaf.grad = null;
      run(input).square().sum().backward();
      return leaves.map((leaf) => leaf.grad?.toArray());
    });
    expect(gradients[1]).toEqual(gradients[0]);
  });

  it('gives gradients to results that f takes from outside, and counts none twice', () => {
    use();
    // b depends on a and both go in, one as an argument and one from outside; a once more after it.
    const run = (wrap: (f: (a: Tensor) => Tensor) => (a: Tensor) => Tensor) =>
      grad((a: Tensor) => {
        const b = a.square();
        return wrap((a) => a.mul(b).sin())(a)
          .mul(a)
          .sum();
      })(x);
    expectClose(run(checkpoint), like(run((f) => f)));
  });

  it('draws the same random numbers again, and leaves the generator where it was', () => {
    use();
    seed(7);
    const own = new Generator(3);
    const run = (wrap: (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor): { dx: Tensor; y: Tensor } => {
      const leaf = ones([200]).requireGrad();
      const y = wrap((v) => dropout(dropout(v, 0.5), 0.25, { generator: own }).mul(randn([200])))(leaf);
      randn([10]);
      seed(8); // Replaces the default generator between the two runs.
      const before = [defaultGenerator().stateDict(), own.stateDict()];
      y.sum().backward();
      expect([defaultGenerator().stateDict(), own.stateDict()]).toEqual(before);
      // Without the sign of 0, by which they differ.
      return { dx: (leaf.grad as Tensor).add(0), y: y.detach().add(0) };
    };
    const { dx, y } = run(checkpoint);
    // The input is 1 everywhere, so the result is the gradient.
    expect(dx.toArray()).toEqual(y.toArray());
    expect(dx.toArray()).toContain(0);
    expect(new Set(dx.toArray() as number[]).size).toBeGreaterThan(50);
  });

  it('draws the same random numbers again in every replay of a captured step', () => {
    use();
    const w = randn([50]).requireGrad();
    const step =
      (wrap: (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor) =>
      (x: Tensor): Tensor[] => {
        w.grad = null;
        const y = wrap((v) => dropout(dropout(v.mul(w), 0.5).sin(), 0.25))(x).sum();
        y.backward();
        return [y, (w.grad as unknown as Tensor).clone(), randn([3])];
      };
    const run = (taken: (x: Tensor) => Tensor[]): number[][] => {
      seed(5);
      return [1, 2, 3, 4].flatMap((i) => {
        if (i === 3) seed(6);
        return taken(ones([50]).mul(i)).map((part) => [...part.data()]);
      });
    };
    const captured = capture(step(checkpoint));
    expect(run(captured)).toEqual(run(step((f) => f)));
    expect(captured.plans.length).toBe(1);
  });

  it('may be nested', () => {
    use();
    seed(1);
    const inner = checkpoint((x: Tensor) => dropout(x.sin(), 0.5));
    const outer = checkpoint((x: Tensor) => inner(inner(x).add(x)).mul(x));
    const start = defaultGenerator().stateDict();
    const nested = grad((x: Tensor) => checkpoint(outer)(x).sum())(x);
    seed(start.seed);
    const plain = (x: Tensor): Tensor => dropout(x.sin(), 0.5);
    expectClose(nested, like(grad((x: Tensor) => plain(plain(x).add(x)).mul(x).sum())(x)));
  });

  it('has derivatives of higher order, and in forward mode', () => {
    use();
    const g = checkpoint((x: Tensor, w: Tensor) => x.mul(w).sin().mul(x).exp());
    gradcheck(g, [x, w], { order: 3, forward: true });
    const scalar = (x: Tensor): Tensor => f(x, w);
    expectClose(hessian(checkpoint(scalar))(x), like(hessian(scalar)(x)));
    expectClose(jvp(checkpoint(scalar), [x], [w])[1], like(jvp(scalar, [x], [w])[1]));
  });

  it('records nothing without need', () => {
    use();
    expect(checkpoint(f)(x, w).node).toBeNull();
    expect(noGrad(() => checkpoint(f)(x.detach().requireGrad(), w)).node).toBeNull();
    const leaf = d([1, 2]).requireGrad();
    expect(checkpoint((_: Tensor) => leaf)(x)).toBe(leaf);
    expect(checkpoint((v: Tensor) => v)(leaf)).toBe(leaf);
  });

  it('passes a result that was made outside', () => {
    use();
    expect(
      grad((v: Tensor) => {
        const made = v.square();
        return checkpoint(() => made)()
          .mul(v)
          .sum();
      })(d([2])).toArray(),
    ).toEqual([12]);
  });

  it('takes arguments that are no tensors', () => {
    use();
    const power = checkpoint((x: Tensor, options: { exponent: number }) => x.pow(options.exponent).sum());
    expect(grad(power)(d([1, 2]), { exponent: 3 }).toArray()).toEqual([3, 12]);
  });
});

/** Ten layers of width 64 on 256 rows. */
const layers = Array.from({ length: 10 }, () => new nn.Linear(64, 64));
const parameters = layers.flatMap((layer) => layer.parameters());
const block = (x: Tensor, from: number, to: number): Tensor =>
  layers.slice(from, to).reduce((h, layer) => layer.forward(h).tanh().square(), x);

it('checkpoint: the tape holds the results between blocks instead of all', () => {
  const x = ones([256, 64]);
  const size = 256 * 64 * 4;
  const plain = block(x, 0, 10);
  const halves = checkpoint(block)(checkpoint(block)(x, 0, 5), 5, 10);
  expect(plain.toArray()).toEqual(halves.toArray());
  // A layer keeps its input, the result of tanh twice in one storage; two blocks keep x and what is between them.
  expect(heldBytes(plain, parameters)).toBe(20 * size);
  expect(heldBytes(halves, parameters)).toBe(2 * size);
});

it('checkpoint: what f computed on the way is free to go, before backward and after it', async () => {
  const made: WeakRef<object>[] = [];
  const f = checkpoint((x: Tensor) => {
    const h = x.exp();
    made.push(new WeakRef(h.storage));
    return h.mul(h).sum();
  });
  const x = ones([100, 100]).requireGrad();
  const y = f(x);
  expect(await collected(made[0])).toBe(true);
  y.backward();
  expect(made.length).toBe(2);
  expect(await collected(made[1])).toBe(true);
  expectClose(x.grad as Tensor, { shape: [100, 100], data: new Array(10000).fill(2 * Math.exp(2)) }, { slack: 10 });
});

it('checkpoint: refuses an input or a parameter that was overwritten since', () => {
  const [x, w] = [d([1, 2]).requireGrad(), d([3, 4]).requireGrad()];
  for (const target of [x, w]) {
    const y = checkpoint((v: Tensor) => v.mul(w).sum())(x);
    target.assign(d([5, 6]));
    expect(() => y.backward()).toThrow(
      'backward: checkpoint saved a tensor of shape [2] that assign has overwritten since',
    );
  }
});

it('checkpoint: refuses a second backward through what was released', () => {
  const y = checkpoint((v: Tensor) => v.square().sum())(d([1]).requireGrad());
  y.backward();
  expect(() => y.backward()).toThrow('backward: the graph behind this checkpoint was released by an earlier backward');
});

it('checkpoint: refuses what is not one tensor', () => {
  const says = (got: string): string =>
    `checkpoint: the function must return one tensor at once; got ${got}; put several together with concat or stack`;
  expect(() => checkpoint((async () => d([1])) as never)()).toThrow(says('a promise'));
  expect(() => checkpoint(() => [d([1])] as never)()).toThrow(says('an array'));
  expect(() => checkpoint(() => undefined as never)()).toThrow(says('undefined'));
});
