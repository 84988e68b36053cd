import {
  capture,
  gelu,
  linear,
  maxPool2d,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randn,
  relu,
  seed,
  type Tensor,
  tensor,
  where,
} from 'adjoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intercept } from '../../lib/backend/index.js';
import { layOut } from '../../lib/capture/layout.js';
import { engines } from '../harness.js';

const native = engines.filter(({ name }) => name !== 'reference');

/** What a random program does next with what it has; every result has one of the operands' shapes. */
const moves: ((a: Tensor, b: Tensor, c: Tensor) => Tensor)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.square().add(1)),
  (a) => a.relu(),
  (a) => a.tanh(),
  (a) => a.exp().neg(),
  (a) => gelu(a),
  (a) => a.mul(0.5).add(1),
  (a, b) => a.lt(b).to('float32'),
  (a, b, c) => where(a.gt(c) as Tensor<any, 'bool'>, a, b),
  (a) => a.transpose(),
  (a) => a.sum(0, { keepDims: true }).add(a),
  (a, b) => a.matmul(b).relu(),
  (a, b) => a.matmul(b.transpose()).mul(0.1).tanh(),
  (a, b, c) => a.matmul(b).relu().add(c),
  (a, b, c) => c.add(a.matmul(b)),
  (a) => a.slice([0, 2]).mul(2).sum().add(a),
  (a, b) => a.maximum(b).minimum(1),
];
const program = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(99), fc.nat(99), fc.nat(99)), {
  minLength: 1,
  maxLength: 30,
});

describe.each(native)('a fused plan on $name', ({ use }) => {
  it('gives the bits of random programs run call by call', () => {
    use();
    fc.assert(
      fc.property(program, fc.boolean(), (steps, differentiated) => {
        const state = ones([7, 7]);
        const step = (x: Tensor, y: Tensor): Tensor[] => {
          const leaf = differentiated ? x.detach().requireGrad() : x;
          const values: Tensor[] = [leaf, y];
          const pick = (n: number): Tensor => values[n % values.length];
          for (const [move, i, j, k] of steps) values.push(moves[move](pick(i), pick(j), pick(k)));
          const last = values[values.length - 1];
          noGrad(() => state.assign(state.mul(0.9).add(last.mul(0.1).tanh())));
          if (differentiated && last.node !== null) {
            last.sum().backward();
            return [last.detach(), leaf.grad as Tensor, state.clone()];
          }
          return [last.detach(), values[values.length >> 1].detach(), state.clone()];
        };
        const runs = (take: typeof step): Float32Array[] => {
          seed(4);
          state.assign(ones([7, 7]));
          return [0, 1, 2].flatMap(() => take(randn([7, 7]), rand([7, 7])).map((t) => t.data() as Float32Array));
        };
        const eager = runs(step);
        expect(runs(capture(step))).toEqual(eager);
      }),
      { numRuns: 150 },
    );
  });

  it('makes one call of a chain, and none of a function or a residual behind a product', () => {
    use();
    const calls = (step: (x: Tensor) => Tensor): number => {
      const captured = capture(step);
      captured(ones([8, 8]));
      expect(captured(ones([8, 8])).data()).toEqual(step(ones([8, 8])).data());
      return captured.plans[0].calls;
    };
    const layer = new nn.Linear(8, 8);
    const conv = new nn.Conv2d(1, 2, 3);
    expect(calls((x) => x.add(1).exp().mul(x).tanh().sub(x))).toBe(1);
    expect(calls((x) => noGrad(() => layer.forward(x).relu()))).toBe(1);
    expect(calls((x) => noGrad(() => layer.forward(x).tanh().add(x)))).toBe(1);
    expect(calls((x) => noGrad(() => x.add(layer.forward(x)).exp()))).toBe(2);
    expect(calls((x) => noGrad(() => layer.forward(x).add(x.exp())))).toBe(2);
    expect(calls((x) => noGrad(() => conv.forward(x.reshape([1, 1, 8, 8])).relu()))).toBe(1);
    // A product that someone else reads stays.
    expect(
      calls((x) => {
        const y: Tensor = noGrad(() => layer.forward(x));
        return y.relu().matmul(y);
      }),
    ).toBe(3);
  });

  it('counts what a chain reads from memory, once: twenty functions of one tensor and their sum are one call', () => {
    use();
    const step = (x: Tensor): Tensor => {
      const terms = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? x.mul(x) : x.exp()));
      return terms.reduce((sum, term) => sum.add(term));
    };
    const captured = capture(step);
    captured(ones([8, 8]));
    expect(captured(ones([8, 8])).data()).toEqual(step(ones([8, 8])).data());
    expect(captured.plans[0].calls).toBe(1);
  });

  it.each([
    ['Adamax', (p: Tensor[]) => new optim.Adamax(p), 5],
    ['NAdam', (p: Tensor[]) => new optim.NAdam(p), 8],
    ['RAdam', (p: Tensor[]) => new optim.RAdam(p), 7],
    ['Adadelta', (p: Tensor[]) => new optim.Adadelta(p), 4],
    ['RMSprop', (p: Tensor[]) => new optim.RMSprop(p), 4],
    ['Rprop', (p: Tensor[]) => new optim.Rprop(p), 6],
  ])(
    '%s is one pass over the parameter, its gradient and its slots, and a call for each number',
    (_, make, numbers) => {
      use();
      const p = ones([8, 8]).requireGrad();
      const optimizer = make([p]);
      const step = capture((g: Tensor) => {
        p.grad = g;
        optimizer.step();
      });
      for (let i = 0; i < 3; i++) step(ones([8, 8]));
      expect(step.plans.at(-1)?.calls).toBe(numbers + 1);
    },
  );

  it('adds a residual whichever way the product takes', () => {
    use();
    for (const [m, n, k] of [
      [5, 70, 40],
      [70, 100, 60],
      [64, 200, 100],
      [20, 8, 100],
      [300, 500, 350],
      [8, 9, 20000],
    ]) {
      const bias = randn([n]);
      const step = (x: Tensor, y: Tensor, w: Tensor, r: Tensor): Tensor[] => [
        linear(x, w, bias).tanh().add(r),
        r.add(y.matmul(w.transpose()) as Tensor),
      ];
      const given = [randn([m, k]), randn([k, m]).transpose(), randn([n, k]), randn([m, n])] as const;
      const captured = capture(step);
      captured(...given);
      expect(captured(...given).map((t) => t.data())).toEqual(step(...given).map((t) => t.data()));
      expect(captured.plans[0].calls).toBe(2);
    }
  });

  it('lets the gradient of relu through the pooling behind it, in one call', () => {
    use();
    const kernels = (step: () => unknown): string[] => {
      const seen: string[] = [];
      const release = intercept((engine) => ({
        ...engine,
        prepare: (program) => {
          seen.push(...program.calls.map(({ kernel }) => kernel));
          return engine.prepare(program);
        },
      }));
      step();
      step();
      release();
      return seen;
    };
    const gradient = (
      x: Tensor,
      pooled: (x: Tensor<[2, 3, 9, 8]>) => Tensor,
      also = (_h: Tensor): Tensor => ones([]),
    ) => {
      const leaf = x.detach().requireGrad();
      const h = relu(leaf) as Tensor<[2, 3, 9, 8]>;
      pooled(h)
        .mul(also(h))
        .tanh()
        .mul(randn([1, 3, 1, 1]))
        .sum()
        .backward();
      return leaf.grad as Tensor;
    };
    const run = (take: (x: Tensor) => Tensor, x: Tensor): Float32Array[] => {
      seed(7);
      return [0, 1, 2].map(() => take(x).data() as Float32Array);
    };
    const x = randn([2, 3, 9, 8]);
    x.storage.data.set([Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 20);
    for (const options of [
      { kernelSize: 2 },
      { kernelSize: 3, stride: 1, padding: 1 },
      { kernelSize: 3, dilation: 2, stride: 2 },
    ]) {
      const step = (x: Tensor): Tensor => gradient(x, (h) => maxPool2d(h, options));
      expect(run(capture(step), x)).toEqual(run(step, x));
      const captured = capture(step);
      expect(kernels(() => captured(x))).not.toContain('reluGradient');
    }
    // Where relu's result has another reader, whose gradient is added, it falls on all of it.
    const shared = (x: Tensor): Tensor =>
      gradient(
        x,
        (h) => maxPool2d(h, { kernelSize: 2 }),
        (h) => h.mean(),
      );
    const finite = rand([2, 3, 9, 8]).sub(0.5);
    expect(run(capture(shared), finite)).toEqual(run(shared, finite));
  });

  it('keeps an in-place update between its readers', () => {
    use();
    const w = tensor([1, 2, 3]);
    const step = (x: Tensor): Tensor => {
      const before = w.mul(x);
      w.assign(w.add(1));
      return before.add(w.mul(x));
    };
    const run = (take: typeof step): number[][] => {
      w.assign(tensor([1, 2, 3]));
      return [1, 2, 3].map((v) => take(tensor([v, v, v])).toArray());
    };
    const eager = run(step);
    expect(run(capture(step))).toEqual(eager);
  });
});

describe('layOut', () => {
  it('keeps blocks in use at the same time apart', () => {
    const size = fc.oneof(fc.nat(5000), fc.nat(200_000), fc.nat(5e9));
    const block = fc.record({ first: fc.nat(30), length: fc.nat(30), bytes: size });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 60 }), (given) => {
        const blocks = given.map(({ first, length, bytes }) => ({ first, last: first + length, bytes }));
        const { offsets, bytes } = layOut(blocks);
        blocks.forEach((a, i) => {
          expect(offsets[i] % (a.bytes < 65536 ? 64 : 4096)).toBe(0);
          expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
          blocks.slice(0, i).forEach((b, j) => {
            if (a.last < b.first || b.last < a.first || a.bytes === 0 || b.bytes === 0) return;
            expect(offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]).toBe(true);
          });
        });
      }),
    );
  });

  it('takes no more than the largest sum of what is in use, where blocks nest', () => {
    const blocks = [0, 1, 2, 3].map((i) => ({ first: i, last: 9 - i, bytes: 64 * (i + 1) }));
    expect(layOut(blocks).bytes).toBe(64 * (1 + 2 + 3 + 4));
    const turns = [0, 1, 2, 3].map((i) => ({ first: i, last: i, bytes: 100 * (i + 1) }));
    expect(layOut(turns).bytes).toBe(448);
  });
});
