import {
  capture,
  eigh,
  eigvalsh,
  eye,
  grad,
  gradcheck,
  ones,
  setBackend,
  setNumThreads,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import { expectNear, expectOrthonormal, forEachKind, jacobi, largest, matrices, randomMatrix } from '../../linalg.js';

const shapes = [
  [0, 0],
  [1, 1],
  [2, 2],
  [5, 5],
  [3, 4, 4],
  [2, 0, 3, 3],
  [2, 1, 3, 3],
];
const samples = shapes.map((shape) => ({ operands: [{ shape }], smooth: !shape.includes(0) }));

spec('eigvalsh', eigvalsh, {
  reference: ([a]) => ({ shape: a.shape.slice(0, -1), data: matrices(a).flatMap(jacobi) }),
  samples,
  // An eigenvalue is exact relative to the largest, of a matrix whose elements are up to 2.
  slack: 8,
  errors: [
    { call: () => eigvalsh(zeros([2, 3]) as Tensor), says: 'eigvalsh: square matrices are needed; got shape [2, 3]' },
    { call: () => eigvalsh(zeros([3]) as Tensor), says: 'eigvalsh: square matrices are needed; got shape [3]' },
  ],
});

/** e to the power of half the symmetric part: V exp(λ / 2) Vᵀ, which depends on no vector's sign. */
function exponential(a: Tensor): Tensor {
  const { values, vectors } = eigh(a);
  return vectors.mul(values.mul(0.5).exp().unsqueeze(-2)).matmul(vectors.transpose());
}

const exponentialSum = (a: Tensor): Tensor => exponential(a).sum();

/** The same by its power series. */
function series(rows: number[][]): number[] {
  const n = rows.length;
  const half = rows.map((row, i) => row.map((value, j) => 0.25 * (value + rows[j][i])));
  const unit = rows.map((_, i) => rows.map((_, j) => Number(i === j)));
  let sum = unit;
  let term = unit;
  for (let k = 1; k < 60; k++) {
    const previous = term;
    term = rows.map((_, i) =>
      rows.map((_, j) => {
        let total = 0;
        for (let l = 0; l < n; l++) total += previous[i][l] * half[l][j];
        return total / k;
      }),
    );
    sum = sum.map((row, i) => row.map((value, j) => value + term[i][j]));
  }
  return sum.flat();
}

spec('eigh', exponential, {
  reference: ([a]) => ({ shape: a.shape, data: matrices(a).flatMap(series) }),
  samples,
  // Elements are up to e³, and their errors relative to the largest.
  slack: 16,
  errors: [
    { call: () => eigh(zeros([3, 2, 3]) as Tensor), says: 'eigh: square matrices are needed; got shape [3, 2, 3]' },
  ],
});

const bits = (x: Tensor): string => Buffer.from(x.data().buffer).toString('hex');

describe.each(engines)('eigh on $name', ({ name, use }) => {
  it.each([1, 2, 3, 10, 65, 130])('reconstructs matrices of order %i from orthogonal vectors', (n) => {
    use();
    // Every one of Jacobi's rotations rounds each vector.
    const room = 4 * (name === 'reference' ? n : 1 + Math.sqrt(n));
    for (const [dtype, epsilon] of [
      ['float64', 2 ** -52],
      ['float32', 2 ** -23],
    ] as const) {
      const a = randomMatrix([2, n, n], n, dtype);
      const { values, vectors } = eigh(a);
      const v = vectors.to('float64');
      const symmetric = a.add(a.transpose()).mul(0.5).to('float64');
      const rebuilt = v.mul(values.to('float64').unsqueeze(-2)).matmul(v.transpose());
      const scale = largest(values) * epsilon;
      expect(largest(rebuilt.sub(symmetric))).toBeLessThan(room * scale);
      expect(
        largest(
          v
            .transpose()
            .matmul(v)
            .sub(eye(n, { dtype: 'float64' })),
        ),
      ).toBeLessThan(room * epsilon);
      expect(
        values
          .slice(null, [1, n])
          .ge(values.slice(null, [0, n - 1]))
          .all()
          .item(),
      ).toBe(true);
      expect(bits(eigvalsh(a))).toBe(bits(values));
    }
  });

  it('gives orthonormal vectors of ascending values, of matrices of every kind', () => {
    use();
    forEachKind(name, (x, what) => {
      const n = Math.min(...x.shape.slice(-2));
      const square = x.slice('...', [0, n], [0, n]) as Tensor;
      const a = square.mul(0.5).add(square.transpose().mul(0.5)) as Tensor;
      const { values, vectors } = eigh(a);
      const rebuilt = vectors.mul(values.unsqueeze(-2)).matmul(vectors.transpose()) as Tensor;
      expectNear(rebuilt, a, 4 * n + 8, what, largest(values));
      expectOrthonormal(vectors, 4 * n + 8, what);
      expect(
        values
          .slice('...', [1, n])
          .ge(values.slice('...', [0, n - 1]))
          .all()
          .item(),
        what,
      ).toBe(true);
      expect(bits(eigvalsh(a)), what).toBe(bits(values));
    });
  });

  it('knows the spectrum of the second difference: 2 − 2 cos(kπ / (n + 1))', () => {
    use();
    const n = 50;
    const a = tensor(
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
      ),
      { dtype: 'float64' },
    );
    const { values, vectors } = eigh(a);
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
    expectClose(values, { shape: [n], data: expected }, { slack: 10 });
    // The lowest mode is the half wave, of one sign: positive.
    const wave = Array.from({ length: n }, (_, i) => Math.sqrt(2 / (n + 1)) * Math.sin(((i + 1) * Math.PI) / (n + 1)));
    expectClose(vectors.slice(null, 0), { shape: [n], data: wave }, { slack: 100 });
  });

  it('keeps diagonal matrices and zero as they are, in ascending order', () => {
    use();
    const { values, vectors } = eigh(
      tensor([
        [3, 0, 0],
        [0, -1, 0],
        [0, 0, 2],
      ]),
    );
    expect(values.toArray()).toEqual([-1, 2, 3]);
    expect(vectors.toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eigh(zeros([2, 2])).vectors.toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eigh(tensor([[-4]])).values.toArray()).toEqual([-4]);
    expect(eigh(tensor([[-4]])).vectors.toArray()).toEqual([[1]]);
  });

  it('makes the first of the largest components positive', () => {
    use();
    const r = Math.SQRT1_2;
    const { values, vectors } = eigh(
      tensor(
        [
          [0, 1],
          [1, 0],
        ],
        { dtype: 'float64' },
      ),
    );
    expectClose(values, { shape: [2], data: [-1, 1] });
    expectClose(vectors, { shape: [2, 2], data: [r, r, -r, r] });
    const v = eigh(randomMatrix([40, 9, 9], 3)).vectors.toArray() as number[][][];
    for (const matrix of v) {
      for (let j = 0; j < 9; j++) {
        const column = matrix.map((row) => row[j]);
        expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
      }
    }
  });

  it('decomposes repeated and clustered eigenvalues into orthogonal vectors', () => {
    use();
    // The all-ones matrix: 0 seven times, and 8; then a rank-one change of the unit matrix by 1e-14.
    for (const a of [
      ones([8, 8], { dtype: 'float64' }),
      eye(8, { dtype: 'float64' }).add(ones([8, 8]).to('float64').mul(1e-14)),
    ]) {
      const { values, vectors } = eigh(a);
      expect(
        largest(
          vectors
            .transpose()
            .matmul(vectors)
            .sub(eye(8, { dtype: 'float64' })),
        ),
      ).toBeLessThan(1e-14);
      expect(largest(a.matmul(vectors).sub(vectors.mul(values.unsqueeze(0))))).toBeLessThan(1e-14);
    }
    expectClose(eigvalsh(ones([8, 8], { dtype: 'float64' })), { shape: [8], data: [0, 0, 0, 0, 0, 0, 0, 8] });
  });

  it('takes elements near the ends of the range, and of very different sizes', () => {
    use();
    for (const size of [1e300, 1e-300, 5e-324]) {
      const values = eigvalsh(
        tensor(
          [
            [2, 1],
            [1, 2],
          ],
          { dtype: 'float64' },
        ).mul(size),
      );
      const [low, high] = values.data();
      expect(low / size).toBeCloseTo(1, 12);
      expect(high / size).toBeCloseTo(3, 12);
    }
    const graded = eigvalsh(
      tensor(
        [
          [1e16, 1e8, 1],
          [1e8, 1, 0],
          [1, 0, 1e-8],
        ],
        { dtype: 'float64' },
      ),
    );
    expect(graded.data()[2] / 1e16).toBeCloseTo(1, 12);
  });

  it('answers a matrix that is not finite with NaN, and its neighbours in the batch as ever', () => {
    use();
    for (const bad of [NaN, Infinity, -Infinity]) {
      const { values, vectors } = eigh(
        tensor(
          [
            [
              [bad, 1],
              [1, 2],
            ],
            [
              [2, 0],
              [0, 1],
            ],
            [
              [1, 2],
              [bad, 1],
            ],
          ],
          { dtype: 'float64' },
        ),
      );
      expect(values.toArray()).toEqual([
        [NaN, NaN],
        [1, 2],
        [NaN, NaN],
      ]);
      expect(vectors.slice(0).isNaN().all().item()).toBe(true);
      expect(vectors.slice(1).toArray()).toEqual([
        [0, 1],
        [1, 0],
      ]);
      expect(eigvalsh(tensor([[bad]])).toArray()).toEqual([NaN]);
    }
  });

  it('takes every dtype: integers as float32, bfloat16 rounded', () => {
    use();
    const a = tensor(
      [
        [2, 1],
        [1, 2],
      ],
      { dtype: 'int32' },
    );
    expect(eigh(a).values.dtype).toBe('float32');
    expect(largest(a.eigvalsh().sub(tensor([1, 3])))).toBeLessThan(1e-6);
    const b = a.to('bfloat16').eigh();
    expect([b.values.dtype, b.vectors.dtype]).toEqual(['bfloat16', 'bfloat16']);
    expect(b.values.toArray()).toEqual([1, 3]);
  });

  it('has derivatives of the vectors themselves, where eigenvalues differ', () => {
    use();
    const a = randomMatrix([2, 4, 4], 9);
    gradcheck((a) => eigh(a).vectors, [a], { order: 2, atol: 1e-4 });
    gradcheck((a) => eigh(a).vectors.slice(null, null, 0).square().mul(eigh(a).values), [a], { atol: 1e-6 });
  });

  it('differentiates what does not depend on the vectors of a repeated eigenvalue', () => {
    use();
    // The sum of all eigenvalues is the trace.
    const trace = grad((a) => eigvalsh(a).sum())(ones([3, 3], { dtype: 'float64' }));
    expectClose(trace, { shape: [3, 3], data: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, { slack: 10 });

    // 1, 1 and 4 in a turned basis: the projection onto the plane of the first two, as 1 − (4's projection).
    const a = ones([3, 3], { dtype: 'float64' }).add(eye(3, { dtype: 'float64' }));
    const weight = randomMatrix([3, 3], 4);
    const project = (a: Tensor, from: number, to: number): Tensor => {
      const v = eigh(a).vectors.slice(null, [from, to]);
      return v.matmul(v.transpose()).mul(weight).sum();
    };
    const plane = grad((a) => project(a, 0, 2))(a);
    const line = grad((a) => project(a, 2, 3))(a);
    expect(largest(plane.add(line))).toBeLessThan(1e-14);
    expect(largest(line)).toBeGreaterThan(0.01);
    gradcheck((a) => project(a, 2, 3), [a]);

    // A matrix function lacks what couples vectors of equal values: eˣ at the unit matrix has the derivative e · da.
    const { values, vectors } = eigh(eye(2, { dtype: 'float64' }));
    expect([values.toArray(), vectors.toArray()]).toEqual([
      [1, 1],
      [
        [1, 0],
        [0, 1],
      ],
    ]);
    const all = ones([2, 2], { dtype: 'float64' });
    const coupled = grad((a) => exponential(a.mul(2)).mul(all).sum())(eye(2, { dtype: 'float64' }));
    expectClose(coupled, { shape: [2, 2], data: [Math.E, 0, 0, Math.E] });
  });
});

describe('eigh', () => {
  const digest = (): string =>
    [
      [40, 6, 6],
      [100, 100],
    ]
      .map((shape) => {
        const { values, vectors } = eigh(randomMatrix(shape, 8));
        return bits(values) + bits(vectors);
      })
      .join();

  it.each(engines)('gives the same bits on any number of threads, on $name', ({ use }) => {
    use();
    setNumThreads(1);
    const one = digest();
    setNumThreads(2);
    expect(digest() === one).toBe(true);
  });

  it('captured, gives the bits of eager calls', () => {
    setBackend('native');
    const eager = (a: Tensor) => ({ ...eigh(a), alone: eigvalsh(a.mul(2)), d: grad(exponentialSum)(a) });
    const captured = capture(eager);
    for (const seed of [1, 2, 3]) {
      const a = randomMatrix([3, 5, 5], seed);
      const [x, y] = [captured(a), eager(a)];
      for (const name of ['values', 'vectors', 'alone', 'd'] as const) expect(bits(x[name])).toBe(bits(y[name]));
    }
  });

  it('reads both triangles: the symmetric part is what it decomposes', () => {
    const { values } = eigh(
      tensor(
        [
          [2, 2],
          [0, 2],
        ],
        { dtype: 'float64' },
      ),
    );
    expectClose(values, { shape: [2], data: [1, 3] });
  });
});
