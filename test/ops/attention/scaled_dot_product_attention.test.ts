import {
  type AttentionOptions,
  autocast,
  bernoulli,
  capture,
  Generator,
  memoryUsage,
  ones,
  rand,
  randn,
  scaledDotProductAttention,
  seed,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, type Operand, type Plain, type Sample, spec } from '../../harness.js';

type Options = Omit<AttentionOptions, 'mask' | 'generator'>;

/** The op with its mask as an operand, and the random numbers of one seed in every call. */
const op = (query: Tensor, key: Tensor, value: Tensor, ...rest: (Tensor | Options)[]): Tensor => {
  const options = rest.at(-1) as Options;
  const mask = rest.length > 1 ? { mask: rest[0] as Tensor } : {};
  return scaledDotProductAttention(query, key, value, { ...options, ...mask, generator: new Generator(3) });
};

/** The offset of an element of the last two axes in a plain tensor, its leading axes broadcast to `batch`. */
function offset({ shape }: Plain, batch: number[], index: number, row: number, column: number): number {
  let at = 0;
  let stride = 1;
  const lead = shape.slice(0, -2);
  for (let axis = batch.length - 1, rest = index; axis >= 0; axis--) {
    const size = lead[axis - (batch.length - lead.length)] ?? 1;
    if (size > 1) at += (rest % batch[axis]) * stride;
    stride *= size;
    rest = Math.floor(rest / batch[axis]);
  }
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) as number];
  return at * rows * columns + (rows === 1 ? 0 : row) * columns + (columns === 1 ? 0 : column);
}

function reference([query, key, value, ...rest]: Plain[], options: Options): Plain {
  const mask = rest[0];
  const batch = [query, key, value].reduce<number[]>((batch, { shape }) => {
    const lead = shape.slice(0, -2);
    const rank = Math.max(batch.length, lead.length);
    return Array.from({ length: rank }, (_, i) =>
      Math.max(batch[i - rank + batch.length] ?? 1, lead[i - rank + lead.length] ?? 1),
    );
  }, []);
  const [length, width] = query.shape.slice(-2);
  const [keys, values] = value.shape.slice(-2);
  const { causal = false, scale = 1 / Math.sqrt(width), dropout = 0 } = options;
  const shape = [...batch, length, keys];
  const kept = dropout > 0 ? bernoulli(1 - dropout, shape, { generator: new Generator(3) }).data() : [];
  const data: number[] = [];
  const count = batch.reduce((a, b) => a * b, 1);
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < length; i++) {
      const scores = Array.from({ length: keys }, (_, j) => {
        let score = 0;
        for (let e = 0; e < width; e++) {
          score += query.data[offset(query, batch, b, i, e)] * key.data[offset(key, batch, b, j, e)];
        }
        if (causal && j > i) return -Infinity;
        const m = mask === undefined ? 0 : mask.data[offset(mask, batch, b, i, j)];
        if (options === hidden || options === hiddenCausal) return m === 1 ? score * scale : -Infinity;
        return score * scale + m;
      });
      const peak = Math.max(...scores, -1e30);
      const weights = scores.map((score) => Math.exp(score - peak));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let c = 0; c < values; c++) {
        let y = 0;
        weights.forEach((weight, j) => {
          const factor = dropout === 0 ? 1 : kept[(b * length + i) * keys + j] && 1 / (1 - dropout);
          if (weight > 0) y += (weight / total) * factor * value.data[offset(value, batch, b, j, c)];
        });
        data.push(y);
      }
    }
  }
  return { shape: [...batch, length, values], data };
}

/** Options of the samples whose mask is bool. */
const hidden: Options = { causal: false };
const hiddenCausal: Options = { causal: true };

const sample = (shapes: number[][], options: Options = {}, mask: Operand[] = [], smooth = true): Sample => ({
  operands: [...shapes.map((shape) => ({ shape })), ...mask],
  args: [options],
  smooth,
});

spec('scaledDotProductAttention', op, {
  // What is hidden has no product with its weight, which is 0 or NaN.
  extremes: 'where both are finite',
  reference,
  samples: [
    sample([
      [2, 2],
      [3, 2],
      [3, 1],
    ]),
    sample([
      [2, 2, 3, 4],
      [2, 2, 5, 4],
      [2, 2, 5, 3],
    ]),
    // Leading axes that broadcast, and values with more of them than queries.
    sample([
      [2, 1, 3, 2],
      [2, 4, 2],
      [2, 4, 3],
    ]),
    sample(
      [
        [3, 2],
        [3, 2],
        [2, 3, 2],
      ],
      { dropout: 0.4 },
    ),
    sample(
      [3, 3, 3].map((n) => [n, 2]),
      { scale: 0.3, causal: true },
    ),
    // More queries than keys, and more keys than queries.
    sample(
      [
        [5, 2],
        [3, 2],
        [3, 2],
      ],
      { causal: true },
    ),
    sample(
      [
        [2, 2],
        [4, 2],
        [4, 2],
      ],
      { causal: true },
    ),
    // The second query sees no key.
    sample(
      [
        [2, 2, 3],
        [2, 3, 3],
        [2, 3, 2],
      ],
      hidden,
      [{ shape: [2, 3], dtype: 'bool', values: [1, 0, 1, 0, 0, 0] }],
    ),
    sample(
      [
        [2, 1, 3, 2],
        [2, 1, 3, 2],
        [2, 1, 3, 2],
      ],
      hiddenCausal,
      [{ shape: [2, 1, 1, 3], dtype: 'bool', values: [0, 1, 1, 1, 1, 0] }],
    ),
    sample(
      [
        [2, 2, 2],
        [2, 3, 2],
        [2, 3, 2],
      ],
      {},
      [{ shape: [2, 1, 3] }],
    ),
    sample(
      [
        [2, 4],
        [3, 4],
        [3, 2],
      ],
      { dropout: 1 },
    ),
    sample([[0, 2], ...[3, 3].map((n) => [n, 2])], {}, [], false),
    sample([[2, 2], ...[0, 0].map((n) => [n, 2])], {}, [], false),
  ],
  // Weights that dropout divides by what it keeps.
  slack: 4,
  errors: [
    {
      call: () => scaledDotProductAttention(ones([8]) as Tensor, ones([8, 2]), ones([8, 2])),
      says: 'scaledDotProductAttention: query must have the axes [..., length, width]; got [8]',
    },
    {
      call: () => scaledDotProductAttention(ones([2, 5, 8]), ones([2, 6, 4]), ones([2, 6, 4]) as never),
      says: 'scaledDotProductAttention: query and key must have one width, their last axis; got [2, 5, 8] and [2, 6, 4]',
    },
    {
      call: () => scaledDotProductAttention(ones([2, 5, 8]), ones([2, 6, 8]), ones([2, 5, 8]) as never),
      says: 'scaledDotProductAttention: key and value must have one length, their axis before the last; got [2, 6, 8] and [2, 5, 8]',
    },
    {
      call: () => scaledDotProductAttention(ones([2, 5, 8]), ones([3, 6, 8]), ones([3, 6, 8]) as never),
      says: 'scaledDotProductAttention: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
    {
      call: () => scaledDotProductAttention(ones([5, 8]), ones([6, 8]), ones([6, 8]), { mask: ones([2, 5, 6]) }),
      says: 'scaledDotProductAttention: the mask [2, 5, 6] must broadcast to the scores [5, 6]',
    },
    {
      call: () =>
        scaledDotProductAttention(ones([5, 8]), ones([6, 8]), ones([6, 8]), {
          mask: ones([5, 6], { dtype: 'int32' }),
        }),
      says: 'scaledDotProductAttention: the mask must be bool (true where a key takes part) or floating-point (added to the scores); got int32; compare it, e.g. mask.ne(0)',
    },
    {
      call: () => scaledDotProductAttention(ones([5, 8]), ones([6, 8]), ones([6, 8]), { scale: -1 }),
      says: 'scaledDotProductAttention: scale must be a finite number ≥ 0; got -1',
    },
    {
      call: () => scaledDotProductAttention(ones([5, 8]), ones([6, 8]), ones([6, 8]), { dropout: 2 }),
      says: 'scaledDotProductAttention: dropout must be within 0 … 1; got 2',
    },
  ],
});

describe.each(engines)('scaledDotProductAttention on $name', ({ use }) => {
  it('gives 0 to a query that sees no key, and no gradient, where a softmax would give NaN', () => {
    use();
    for (const mask of [zeros([2, 3], { dtype: 'bool' }), zeros([2, 3]).sub(Infinity)]) {
      const [query, key, value] = [randn([2, 4]), randn([3, 4]), randn([3, 4])].map((x): Tensor => x.requireGrad());
      const y = scaledDotProductAttention(query, key, value, { mask });
      expect(y.toArray()).toEqual(zeros([2, 4]).toArray());
      y.sum().backward();
      for (const x of [query, key, value]) expect(x.grad?.abs().sum().item()).toBe(0);
    }
  });

  it('passes NaN on, and scores beyond the range of exp', () => {
    use();
    const value = tensor([[1], [2], [4]]);
    const far = scaledDotProductAttention(tensor([[1000], [-1000]]), tensor([[1], [3], [2]]), value);
    expect(far.toArray()).toEqual([[2], [1]]);
    const broken = scaledDotProductAttention(tensor([[1], [Number.NaN]]), tensor([[1], [3], [2]]), value);
    expect(broken.slice(1, 0).item()).toBeNaN();
    expect(broken.slice(0, 0).item()).toBeGreaterThan(2);
  });

  it('drops about p of the weights, and the gradient follows the same ones', () => {
    use();
    // Equal scores and one-hot values: the result is the weights.
    const n = 200;
    const value = tensor(
      Float32Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
      { shape: [n, n] },
    ).requireGrad();
    const y = scaledDotProductAttention(zeros([n, 1]), zeros([n, 1]), value, {
      dropout: 0.3,
      generator: new Generator(1),
    });
    const weights = y.data();
    const dropped = weights.filter((w) => w === 0).length;
    // Five standard deviations of the binomial distribution: √(40000 · 0.3 · 0.7) = 92.
    expect(Math.abs(dropped - 0.3 * n * n)).toBeLessThan(460);
    for (const w of weights) expect(w === 0 || Math.abs(w - 1 / 0.7 / n) < 1e-8).toBe(true);
    y.sum().backward();
    const columns: Tensor = y.detach().sum(0);
    expectClose(value.grad?.slice(null, 0) as Tensor, { shape: [n], data: [...columns.data()] }, { slack: 4 });
  });

  it('draws other weights to drop in every call, captured too, and the same ones after seed', () => {
    use();
    const [query, key, value] = [randn([2, 7, 4]), randn([2, 9, 4]), randn([2, 9, 3])];
    const step = (q: Tensor): Tensor[] => {
      const x = q.detach().requireGrad();
      const y = scaledDotProductAttention(x, key, value, { dropout: 0.5 });
      y.square().sum().backward();
      return [y.detach(), (x.grad as Tensor).clone()];
    };
    seed(5);
    const eager = [step(query), step(query), step(query)].map((results) => results.map((x) => x.data()));
    expect(eager[0]).not.toEqual(eager[1]);
    seed(5);
    const captured = capture(step);
    expect([captured(query), captured(query), captured(query)].map((results) => results.map((x) => x.data()))).toEqual(
      eager,
    );
  });

  it('multiplies in bfloat16 under autocast, forward and backward, and keeps the softmax in float32', () => {
    use();
    // 1 + 2⁻⁹ is rounded to 1, so that both keys answer alike; outside of autocast the second one does, by e² to 1.
    const [query, key, value] = [tensor([[1000]]), tensor([[1], [1 + 2 ** -9]]), tensor([[2], [4]])];
    expect(autocast('bfloat16', () => scaledDotProductAttention(query, key, value)).item()).toBe(3);
    expect(scaledDotProductAttention(query, key, value).item()).toBeGreaterThan(3.7);

    for (const [queries, keys] of [
      [5, 7],
      [131, 140],
    ]) {
      seed(queries);
      const operands = [queries, keys, keys].map((rows) => randn([2, rows, 17]).requireGrad());
      const dy = randn([2, queries, 17]);
      const run = ([q, k, v]: Tensor[], up: Tensor): Tensor[] => {
        const y = scaledDotProductAttention(q, k, v, { causal: true });
        y.backward(up);
        return [y.detach(), ...[q, k, v].map(({ grad }) => grad as Tensor)];
      };
      const low = autocast('bfloat16', () => run(operands, dy));
      const exact = run(
        operands.map((x): Tensor => x.detach().to('float64').requireGrad()),
        dy.to('float64'),
      );
      low.forEach((x, i) => {
        const error = x.to('float64').sub(exact[i]).norm().item() / exact[i].norm().item();
        // Two roundings in a row, of 2⁻⁹ at most and 0.6 of it on average, in each factor.
        expect(error).toBeLessThan(2 ** -7);
        expect(error).toBeGreaterThan(2 ** -12);
      });
    }
  });

  it('computes bfloat16 in float32', () => {
    use();
    const operands = [randn([3, 4]), randn([5, 4]), randn([5, 4])].map((x): Tensor => x.to('bfloat16'));
    const [query, key, value] = operands;
    const y = scaledDotProductAttention(query, key, value);
    expect(y.dtype).toBe('bfloat16');
    const [q, k, v] = operands.map((x): Tensor => x.to('float32'));
    expect(y.data()).toEqual(scaledDotProductAttention(q, k, v).to('bfloat16').data());
  });
});

describe('the native kernel', () => {
  it('reads heads side by side in place, and writes its result and gradients so', () => {
    setBackend('native');
    const [n, length, heads, width] = [2, 5, 3, 4];
    const packed = randn([n, length, heads * width]);
    const split = (x: Tensor): Tensor => x.reshape([n, length, heads, width]).transpose(1, 2);
    const apart = split(packed).clone();
    const y = scaledDotProductAttention(split(packed), split(packed), split(packed));
    expect(y.strides).toEqual(split(packed).strides);
    expect(y.data()).toEqual(scaledDotProductAttention(apart, apart, apart).data());
  });

  it('takes memory that grows with the length, not its square', () => {
    setBackend('native');
    const [length, width] = [8192, 16];
    const scores = 4 * length ** 2;
    const [query, key, value] = [0, 1, 2].map(() => rand([length, width]).requireGrad());
    const before = memoryUsage({ collect: true });
    const y = scaledDotProductAttention(query, key, value, { causal: true });
    y.backward(ones([length, width]));
    const after = memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(scores / 50);
    expect(after.workingSpace - before.workingSpace).toBeLessThan(scores / 50);
    // Of equal values the mean, whatever the weights.
    const constant = scaledDotProductAttention(query.detach(), key.detach(), ones([length, 1]), { causal: true });
    expectClose(constant, { shape: [length, 1], data: new Array(length).fill(1) }, { slack: 4 });
  });
});
