import {
  abs,
  add,
  capture,
  complex,
  cumsum,
  DTypeError,
  div,
  einsum,
  exp,
  gather,
  indexAdd,
  indexSelect,
  kron,
  linalg,
  matmul,
  mean,
  mul,
  neg,
  outer,
  pad,
  reciprocal,
  scatterAdd,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor,
  viewAsComplex,
  viewAsReal,
  where,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import * as ops from '../../../lib/ops/index.js';
import { complexes, eachPair, eachPairToReal, onPairs, type Pair, pairsOf } from '../../complex.js';
import { engines, expectClose, type Operand, type Plain, spec } from '../../harness.js';

/* What ops that real tensors have too do with complex ones. Specs see pairs [..., 2]. */

const times = ([a, b]: Pair, [c, d]: Pair): Pair => [a * c - b * d, a * d + b * c];
const over = ([a, b]: Pair, [c, d]: Pair): Pair => {
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
};

/** Of equal shapes, or of one number with each. */
const ofTwo =
  (f: (a: Pair, b: Pair) => Pair) =>
  ([x, y]: Plain[]): Plain => {
    const [p, q] = [pairsOf(x), pairsOf(y)];
    const wide = p.length >= q.length ? x : y;
    return { shape: wide.shape, data: pairsOf(wide).flatMap((_, i) => f(p[i % p.length], q[i % q.length])) };
  };

const away: Pick<Operand, 'range'> = { range: [0.5, 2] };
const alone = [[2], [3, 2], [0, 2], [2, 19, 2]].map((shape) => ({ operands: [{ shape, ...away }] }));
const pairs = [
  [[2], [2]],
  [
    [3, 2],
    [3, 2],
  ],
  [[2], [5, 2]],
  [
    [2, 3, 2],
    [3, 2],
  ],
  [
    [0, 2],
    [0, 2],
  ],
  [
    [41, 2],
    [41, 2],
  ],
].map((shapes) => ({ operands: shapes.map((shape) => ({ shape, ...away })) }));

const two: [string, (a: Tensor, b: Tensor) => Tensor, (a: Pair, b: Pair) => Pair][] = [
  ['complexMul', mul as never, times],
  ['complexDiv', div as never, over],
  ['add of complex numbers', add as never, ([a, b], [c, d]) => [a + c, b + d]],
  ['sub of complex numbers', sub as never, ([a, b], [c, d]) => [a - c, b - d]],
];
for (const [name, op, f] of two) {
  spec(name, onPairs(op), { reference: ofTwo(f), samples: pairs, slack: 4 });
}

const one: [string, (x: Tensor) => Tensor, (z: Pair) => Pair][] = [
  ['neg of complex numbers', neg, ([a, b]) => [-a, -b]],
  ['square of complex numbers', square, (z) => times(z, z)],
  ['reciprocal of complex numbers', reciprocal, (z) => over([1, 0], z)],
  ['exp of complex numbers', exp, ([a, b]) => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)]],
];
for (const [name, op, f] of one) {
  spec(name, onPairs(op), { reference: eachPair(f), samples: alone, slack: 4 });
}
for (const name of ['complexAbs']) {
  spec(name, onPairs(abs), { reference: eachPairToReal(([a, b]) => Math.hypot(a, b)), samples: alone });
}

/** yᵢⱼ = Σₖ aᵢₖ bₖⱼ */
const product = ([a, b]: Plain[]): Plain => {
  const [m, k] = a.shape;
  const n = b.shape[1];
  const [p, q] = [pairsOf(a), pairsOf(b)];
  const data: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let [re, im] = [0, 0];
      for (let l = 0; l < k; l++) {
        const [x, y] = times(p[i * k + l], q[l * n + j]);
        re += x;
        im += y;
      }
      data.push(re, im);
    }
  }
  return { shape: [m, n, 2], data };
};
const matrices = [
  { operands: [{ shape: [2, 3, 2] }, { shape: [3, 2, 2] }] },
  { operands: [{ shape: [1, 1, 2] }, { shape: [1, 1, 2] }] },
  { operands: [{ shape: [9, 17, 2] }, { shape: [17, 20, 2] }], smooth: false },
];
for (const [name, op] of [
  ['matmul of complex numbers', matmul],
  ['einsum of complex numbers', (a: Tensor, b: Tensor) => einsum('ij,jk->ik', a, b)],
] as [string, (a: Tensor, b: Tensor) => Tensor][]) {
  spec(name, onPairs(op), { reference: product, samples: matrices, slack: 8 });
}

const index = tensor(new Int32Array([2, 0, 2]));
const linear: [string, (z: Tensor) => Tensor, (z: Tensor) => Tensor][] = [
  // The op on complex numbers, and the same on their pairs [3, 4, 2].
  ['sum', (z) => sum(z, 0) as Tensor, (x) => sum(x, 0) as Tensor],
  ['mean', (z) => mean(z, [0, 1]) as Tensor, (x) => mean(x, [0, 1]) as Tensor],
  ['cumsum', (z) => cumsum(z, 1), (x) => cumsum(x, 1)],
  ['indexSelect', (z) => indexSelect(z, 0, index) as Tensor, (x) => indexSelect(x, 0, index) as Tensor],
  ['indexAdd', (z) => indexAdd(z, 0, index, z), (x) => indexAdd(x, 0, index, x)],
  [
    'gather',
    (z) => gather(z, 0, index.reshape([3, 1])),
    (x) => gather(x, 0, index.reshape([3, 1, 1]).expand([3, 1, 2]).contiguous() as never),
  ],
  [
    'scatterAdd',
    (z) => scatterAdd(z, 0, index.reshape([3, 1]), z),
    (x) => scatterAdd(x, 0, index.reshape([3, 1, 1]).expand([3, 1, 2]).contiguous() as never, x),
  ],
  [
    'where',
    (z) => where(tensor([true, false, true, false]), z, 0) as Tensor,
    (x) => where(tensor([[true], [false], [true], [false]]), x, 0) as Tensor,
  ],
  [
    'pad',
    (z) => pad(z, [[1, 2]]),
    (x) =>
      pad(x, [
        [1, 2],
        [0, 0],
      ]),
  ],
  ['stack', (z) => stack([z, z], 1) as Tensor, (x) => stack([x, x], 1) as Tensor],
  ['transpose', (z) => z.transpose().contiguous() as Tensor, (x) => x.permute([1, 0, 2]).contiguous() as Tensor],
  ['roll', (z) => z.roll(1, 1), (x) => x.roll(1, 1)],
  ['expand', (z) => z.expand([2, 3, 4]), (x) => x.expand([2, 3, 4, 2])],
  ['slice', (z) => z.slice([null, null, -2], 1), (x) => x.slice([null, null, -2], 1)],
];

describe.each(engines)('complex numbers on $name', ({ use }) => {
  it.each(linear)('%s acts on both parts, gradients too, captured too', (_, ofComplex, ofPairs) => {
    use();
    const values = tensor(
      Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      { shape: [3, 4, 2] },
    );
    const [x, pair] = [values.clone().requireGrad(), values.clone().requireGrad()];
    const y = viewAsReal(ofComplex(viewAsComplex(x)));
    const wanted = ofPairs(pair);
    expect(y.shape).toEqual(wanted.shape);
    expect(y.data()).toEqual(wanted.data());
    const dy = y.detach().mul(0.3);
    y.backward(dy);
    wanted.backward(dy);
    expect(x.grad?.data()).toEqual(pair.grad?.data());
    const step = capture(ofComplex as (z: Tensor) => Tensor);
    const z = viewAsComplex(values);
    step(z);
    expect(step(z).data()).toEqual(wanted.data());
  });

  it('compare by both parts', () => {
    use();
    const [a, b] = [
      complexes([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
      complexes([
        [1, 2],
        [1, 3],
        [0, 2],
      ]),
    ];
    expect(a.eq(b).toArray()).toEqual([true, false, false]);
    expect(a.ne(b).toArray()).toEqual([false, true, true]);
    expect(
      complexes([[1, 0]])
        .eq(1)
        .toArray(),
    ).toEqual([true]);
    const odd = complexes([
      [NaN, 0],
      [0, Infinity],
      [1, 1],
    ]);
    expect(odd.isNaN().toArray()).toEqual([true, false, false]);
    expect(odd.isFinite().toArray()).toEqual([false, false, true]);
  });

  it('meet real ones, whose gradients are real', () => {
    use();
    const x = tensor([2, 3], { dtype: 'float64' }).requireGrad();
    const y = mul(
      x,
      complexes([
        [0, 1],
        [1, 1],
      ]),
    ) as Tensor;
    expect(y.dtype).toBe('complex128');
    y.real().sum().backward();
    expect(x.grad?.dtype).toBe('float64');
    expect([...(x.grad?.data() ?? [])]).toEqual([0, 1]);
    expect(zeros([1], { dtype: 'complex64' }).add(tensor([1], { dtype: 'float64' })).dtype).toBe('complex128');
    expect(tensor([1, 2], { dtype: 'complex64' }).add(1).toArray()).toEqual([
      { re: 2, im: 0 },
      { re: 3, im: 0 },
    ]);
  });

  it('neither overflow nor vanish on the way', () => {
    use();
    for (const [dtype, huge, tiny] of [
      ['float32', 1e30, 1e-30],
      ['float64', 1e300, 1e-300],
    ] as const) {
      const [z, w] = [complexes([[3 * huge, 4 * huge]], dtype), complexes([[3 * tiny, 4 * tiny]], dtype)];
      const sizes = [z, w].map((each) => abs(each).item());
      expect(sizes[0] / huge).toBeCloseTo(5, 5);
      expect(sizes[1] / tiny).toBeCloseTo(5, 5);
      for (const each of [z, w]) expectClose(viewAsReal(div(each, each) as Tensor), { shape: [1, 2], data: [1, 0] });
    }
    const infinite = complexes([
      [-Infinity, NaN],
      [NaN, 1],
      [0, 0],
    ]);
    expect([...abs(infinite).data()]).toEqual([Infinity, NaN, 0]);
  });

  it('have a gradient of their size that is 0 at 0', () => {
    use();
    const z = zeros([2], { dtype: 'complex128' }).requireGrad();
    abs(z).sum().backward();
    expect([...(z.grad?.data() ?? [])]).toEqual([0, 0, 0, 0]);
  });

  it('hold states of quantum bits', () => {
    use();
    // Bell's state of |00⟩ by Hadamard's gate on the first and a controlled X.
    const h = mul(
      tensor(
        [
          [1, 1],
          [1, -1],
        ],
        { dtype: 'complex128' },
      ),
      Math.SQRT1_2,
    ) as Tensor;
    const one = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      { dtype: 'complex128' },
    );
    const controlled = tensor(
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
      ],
      { dtype: 'complex128' },
    );
    const zero = tensor([1, 0, 0, 0], { dtype: 'complex128' });
    const bell = matmul(controlled, matmul(kron(h, one), zero) as Tensor) as Tensor;
    expectClose(bell.abs().square(), { shape: [4], data: [0.5, 0, 0, 0.5] });
    const projector = outer(bell, bell.conj()) as Tensor;
    expectClose(viewAsReal(matmul(projector, bell) as Tensor), {
      shape: [4, 2],
      data: [Math.SQRT1_2, 0, 0, 0, 0, 0, Math.SQRT1_2, 0],
    });
  });

  it('are written over by complex numbers alone', () => {
    use();
    const z = zeros([2], { dtype: 'complex64' });
    z.assign(complex(tensor([1, 2]), tensor([3, 4])));
    expect([...z.data()]).toEqual([1, 3, 2, 4]);
    expect(() => z.assign(zeros([2]))).toThrow(
      new DTypeError(
        'assign: a complex tensor takes complex values, a real one real ones; got float32 for complex64; convert it',
      ),
    );
    expect(() => z.to('float32')).toThrow(new DTypeError('to: a complex number is no float32; take real, imag or abs'));
  });
});

/** What takes complex numbers: those above, and what only moves elements. */
const taking = new Set(
  [
    'abs add angle conj div eq exp imag mul ne neg real reciprocal square sub clone concat contiguous expand flatten flip pad',
    'permute repeatInterleave reshape roll slice split squeeze stack tile to transpose unsqueeze viewAsReal gather indexAdd',
    'indexSelect maskedFill scatterAdd where fullLike onesLike zerosLike cumsum isFinite isNaN mean sum einsum kron matmul outer',
    'tensordot istft spectrogram stft',
  ].flatMap((names) => names.split(' ')),
);
/** Makers of tensors, and what begins with a number or a list. */
const makers =
  'arange bernoulli blackmanWindow eye full hammingWindow hannWindow linspace rand randint randn randperm'.split(' ');

it.each([
  ...Object.entries(ops).filter(([name]) => !['fft', 'linalg', ...makers].includes(name) && !taking.has(name)),
  ...Object.entries(linalg).filter(([name]) => !['kron', 'matmul', 'outer', 'multiDot'].includes(name)),
])('%s refuses complex numbers', (name, op) => {
  const z = zeros([2, 2], { dtype: 'complex64' });
  const call = op as (...args: unknown[]) => unknown;
  expect(() => call(z, z, z)).toThrow(/must be real|must be int32|must be bool|must be float32 or float64|least|axes/);
  expect(name).not.toBe('');
});
