import { type EmbeddingBagOptions, embeddingBag, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, type Plain, type Sample, spec } from '../../harness.js';

const int32 = (...values: number[]) => tensor(new Int32Array(values));
const sample = (shape: number[], values: number[], options: EmbeddingBagOptions = {}): Sample => ({
  operands: [
    { shape, dtype: 'int32', values },
    { shape: [4, 3], values: [3, -1, 2, 0.5, 4, -2, -1.5, 1, 1, 2, 0, -3] },
  ],
  args: [options],
});

const few = [0, 3, 2, 1, 0, 0];
const bags = { offsets: int32(0, 1, 1, 4) };

spec('embeddingBag', embeddingBag, {
  reference: (
    [indices, weight]: Plain[],
    { offsets, mode = 'mean', perSampleWeights, paddingIdx = null }: EmbeddingBagOptions,
  ) => {
    const n = indices.shape[indices.shape.length - 1];
    const starts = offsets ? [...offsets.data()] : Array.from({ length: indices.shape[0] }, (_, i) => i * n);
    const factors = perSampleWeights?.data() ?? indices.data.map(() => 1);
    const data = starts.flatMap((start, bag) => {
      const places = indices.data.map((_, i) => i).slice(start, starts[bag + 1] ?? indices.data.length);
      const kept = places.filter((i) => indices.data[i] !== paddingIdx);
      return [0, 1, 2].map((column) => {
        const values = kept.map((i) => weight.data[3 * indices.data[i] + column] * Number(factors[i]));
        if (values.length === 0) return 0;
        const sum = values.reduce((a, b) => a + b);
        return mode === 'max' ? Math.max(...values) : mode === 'sum' ? sum : sum / values.length;
      });
    });
    return { shape: [starts.length, 3], data };
  },
  samples: (['sum', 'mean', 'max'] as const).flatMap((mode) => [
    sample([2, 3], few, { mode }),
    sample([6], few, { mode, ...bags }),
    sample([2, 3], few, { mode, paddingIdx: 0 }),
    sample([6], few, { mode, ...bags, paddingIdx: 3 }),
    sample([1, 1], [2], { mode }),
    { ...sample([0], [], { mode, offsets: int32(0, 0) }), smooth: false },
    { ...sample([2, 0], [], { mode }), smooth: false },
    { ...sample([0, 2], [], { mode }), smooth: false },
  ]),
  errors: (
    [
      [[int32(1, 2, 3, 4)], 'embeddingBag: indices must be [bags, n], or [n] with offsets; got [4]'],
      [
        [ones([2, 2], { dtype: 'int32' }), bags],
        'embeddingBag: indices must be [bags, n], or [n] with offsets; got [2, 2] with offsets',
      ],
      [[int32(1), { offsets: int32(1) }], 'embeddingBag: offsets must begin with 0; got 1'],
      [
        [int32(1), { offsets: int32(0, 3, 1) }],
        'embeddingBag: offsets must not fall; got a step of -2 behind offsets[1]',
      ],
      [[int32(1), { offsets: int32(0, 3) }], 'embeddingBag: offsets must be within the 1 indices; got 3'],
      [[int32(1), { offsets: int32() }], 'embeddingBag: 1 indices must be in bags; got offsets [0]'],
      [
        [int32(1), { offsets: ones([1]) as never }],
        "embeddingBag: offsets must be int32; got float32; convert with to('int32')",
      ],
      [
        [int32(1), { offsets: int32(0), perSampleWeights: ones([1]) }],
        "embeddingBag: perSampleWeights are for the mode 'sum'; got 'mean'",
      ],
      [
        [int32(1), { offsets: int32(0), mode: 'sum', perSampleWeights: ones([2]) }],
        "embeddingBag: perSampleWeights must have the indices' shape [1]; got [2]",
      ],
      [
        [int32(1), { offsets: int32(0), mode: 'min' as never }],
        "embeddingBag: mode must be 'sum', 'mean' or 'max'; got 'min'",
      ],
      [[int32(9), { offsets: int32(0) }], 'embedding: index 9 at [0] must be within 0 … 6, the rows of weight [7, 2]'],
    ] as [[Parameters<typeof embeddingBag>[0], EmbeddingBagOptions?], string][]
  ).map(([[indices, options], says]) => ({ call: () => embeddingBag(indices, ones([7, 2]), options), says })),
});

spec(
  'embeddingBag with factors',
  (indices, weight, perSampleWeights, options) => {
    return embeddingBag(indices, weight, { ...(options as EmbeddingBagOptions), mode: 'sum', perSampleWeights });
  },
  {
    reference: ([indices, weight, factors]: Plain[]) => ({
      shape: [2, 3],
      data: [0, 1].flatMap((bag) =>
        [0, 1, 2].map((column) =>
          [0, 1, 2].reduce((sum, i) => {
            const at = 3 * bag + i;
            return sum + factors.data[at] * weight.data[3 * indices.data[at] + column];
          }, 0),
        ),
      ),
    }),
    samples: [{ operands: [...sample([2, 3], few).operands, { shape: [2, 3] }] }],
  },
);

describe.each(engines)('embeddingBag on $name', ({ use }) => {
  it('gives no gradient to the padding, and that of a maximum to the first of equal ones', () => {
    use();
    const indices = tensor([[0, 2, 1, 1]], { dtype: 'int32' });
    const gradient = (options: EmbeddingBagOptions) => {
      const weight = tensor([[1], [2], [2]]).requireGrad();
      embeddingBag(indices, weight, options).sum().backward();
      return weight.grad?.toArray();
    };
    expect(gradient({ mode: 'max' })).toEqual([[0], [0], [1]]);
    expect(gradient({ mode: 'mean', paddingIdx: -2 })).toEqual([[0.5], [0], [0.5]]);
  });

  it('computes bfloat16', () => {
    use();
    const weight = ones([3, 2]).to('bfloat16');
    for (const mode of ['sum', 'mean', 'max'] as const) {
      const y = embeddingBag(tensor([[0, 2]], { dtype: 'int32' }), weight, { mode });
      expect([y.dtype, y.to('float32').toArray()]).toEqual(['bfloat16', [mode === 'sum' ? [2, 2] : [1, 1]]]);
    }
  });
});
