import { argsort, type DType, grad, setNumThreads, sort, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { build } from '../../axes.js';
import { engines, type Plain, randomSequence, spec } from '../../harness.js';
import { lineAt } from '../../sorting.js';

/** Elements of each line in order, by JavaScript's sort. */
const sorted = ([x]: Plain[], axis = -1, { descending = false } = {}): Plain =>
  build(x.shape, (index) => {
    const { line, along } = lineAt(x, index, axis);
    const order = line.toSorted((a, b) => (descending ? b - a : a - b));
    return order[index[along]];
  });

const samples = [
  { operands: [{ shape: [7] }] },
  { operands: [{ shape: [67] }], args: [0, { descending: true }], smooth: false },
  { operands: [{ shape: [3, 5] }], args: [0] },
  { operands: [{ shape: [2, 40, 4] }], args: [1, { descending: true }], smooth: false },
  { operands: [{ shape: [2, 3, 2] }], args: [1, { descending: true }] },
  { operands: [{ shape: [2, 3, 300] }], smooth: false },
  { operands: [{ shape: [0, 3] }], args: [0] },
  { operands: [{ shape: [3, 0] }], args: [0] },
  { operands: [{ shape: [50], dtype: 'int32' as const }] },
  { operands: [{ shape: [50], dtype: 'uint8' as const }] },
  { operands: [{ shape: [50], dtype: 'bool' as const }] },
];

spec('sort', (x: Tensor, ...args: any[]) => sort(x, ...args).values, {
  reference: sorted,
  samples,
  errors: [
    { call: () => sort(tensor([[1]]), 2), says: 'sort: axis 2 of a tensor with 2 axes; must be within -2 … 1' },
    { call: () => sort(tensor(1)), says: 'sort: axis -1 of a tensor with 0 axes; a scalar has no axes' },
  ],
});

spec('argsort', argsort, {
  reference: ([x], axis = -1, { descending = false } = {}) =>
    build(x.shape, (index) => {
      const { line, along } = lineAt(x, index, axis);
      const places = line.map((_, i) => i);
      return places.sort((i, j) => (descending ? line[j] - line[i] : line[i] - line[j]))[index[along]];
    }),
  samples,
  differentiable: false,
});

describe.each(engines)('sort on $name', ({ use }) => {
  it('keeps equal elements in their order, −0 among 0, and puts NaN last, or first from the greatest', () => {
    use();
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor([0, Number.NaN, -1, -0, Infinity, 0, Number.NaN, -Infinity], { dtype });
      const up = sort(x);
      expect(up.indices.toArray()).toEqual([7, 2, 0, 3, 5, 4, 1, 6]);
      expect(up.values.toArray()).toEqual([-Infinity, -1, 0, -0, 0, Infinity, Number.NaN, Number.NaN]);
      expect(argsort(x, 0, { descending: true }).toArray()).toEqual([1, 6, 4, 0, 3, 5, 2, 7]);
    }
    // Many that are equal, more than are compared one by one.
    const many = tensor(Int32Array.from({ length: 1000 }, (_, i) => i % 3));
    const expected = [0, 1, 2].flatMap((value) =>
      Array.from({ length: 1000 }, (_, i) => i).filter((i) => i % 3 === value),
    );
    expect(argsort(many).toArray()).toEqual(expected);
  });

  it('takes the ends of every range, and bfloat16', () => {
    use();
    const [low, high] = [-(2 ** 31), 2 ** 31 - 1];
    expect(sort(tensor(Int32Array.of(5, high, low, -1, 0))).values.toArray()).toEqual([low, -1, 0, 5, high]);
    expect(sort(tensor(Uint8Array.of(255, 0, 128))).values.toArray()).toEqual([0, 128, 255]);
    const tiny = tensor([5e-324, -5e-324, 1.7e308, -1.7e308, 0], { dtype: 'float64' });
    expect(sort(tiny).indices.toArray()).toEqual([3, 1, 4, 0, 2]);
    const { values } = sort(tensor([3, -1, 2]).to('bfloat16'));
    expect([values.dtype, values.toArray()]).toEqual(['bfloat16', [-1, 2, 3]]);
  });

  it('sends gradients back to where elements were', () => {
    use();
    const weight = tensor([1, 10, 100]);
    const x = tensor([5, -2, 3]);
    expect(grad((x: Tensor) => x.sort().values.mul(weight).sum())(x).toArray()).toEqual([100, 1, 10]);
  });

  it('gives the elements themselves, bit for bit, of lines that leave the cache', () => {
    use();
    const special = [0, -0, Number.NaN, Infinity, -Infinity, 1e-45, -1e-45, 1.5];
    const bytes = (x: Tensor): string => Buffer.from(x.data().slice().buffer).toString('base64');
    const whole = Float64Array.from({ length: 5000 }, (_, i) => (i * 37) % 256);
    const broken = whole.map((value, i) => (i % 3 ? special[i % special.length] : (value - 128) / 4));
    for (const dtype of ['float32', 'float64', 'int32', 'uint8'] as DType[]) {
      const line = tensor(dtype.startsWith('float') ? broken : whole).to(dtype) as Tensor;
      for (const descending of [false, true]) {
        const { values, indices } = sort(line, 0, { descending });
        expect(bytes(values) === bytes(line.gather(0, indices) as Tensor)).toBe(true);
      }
    }
  });

  it('gives the same on any number of threads, of long lines and of many', () => {
    use();
    const random = randomSequence(3);
    const digest = (...results: Tensor[]): string =>
      results.map((x) => Buffer.from(x.data().buffer).toString('base64')).join();
    for (const shape of [
      [2, 5000],
      [300, 90],
    ]) {
      const data = Float64Array.from({ length: shape[0] * shape[1] }, () => Math.fround(random() - 0.5));
      for (const dtype of ['float32', 'float64', 'int32'] as DType[]) {
        const x = tensor(data, { shape }).mul(1000).to(dtype) as Tensor;
        for (const [axis, lines] of [x.transpose() as Tensor, x].entries()) {
          setNumThreads(1);
          const { values, indices } = sort(lines, axis);
          setNumThreads(2);
          const again = sort(lines, axis);
          expect(digest(again.values, again.indices) === digest(values, indices)).toBe(true);
          expect(digest(lines.gather(axis, indices)) === digest(values)).toBe(true);
          const rows = (axis === 0 ? values.transpose() : values) as Tensor;
          const n = shape[1];
          expect(
            rows
              .slice(null, [1, n])
              .ge(rows.slice(null, [0, n - 1]))
              .all()
              .item(),
          ).toBe(true);
        }
      }
    }
  });
});
