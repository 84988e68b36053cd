import { type DType, type Tensor, tensor, to } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

spec('to float64', (x) => to(x, 'float64'), { reference: elementwise((x) => x), samples: unarySamples() });
spec('to float32', (x: Tensor) => to(x.to('float64'), 'float32').to('float64'), {
  reference: elementwise(Math.fround),
  samples: unarySamples(),
  // Differences of a function that rounds are noise.
  differentiable: 'elsewhere',
  errors: [
    {
      call: () => to(tensor([1]), 'float16' as DType),
      says: 'to: dtype must be one of bool, uint8, int32, bfloat16, float32, float64, complex64, complex128; got float16',
    },
  ],
});

const values = [NaN, Infinity, -Infinity, 0, -0, 0.5, -0.5, 1.9, -1.9, 255, 256, 3e9, -3e9];
const bits = (values: Iterable<number>): number[] => Array.from(values);

describe.each(engines)('to on $name', ({ use }) => {
  it('saturates and cuts fractions on the way to integers', () => {
    use();
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor(values, { dtype });
      expect(bits(to(x, 'int32').data())).toEqual([
        0,
        2 ** 31 - 1,
        -(2 ** 31),
        ...[0, 0, 0, 0, 1, -1, 255, 256],
        2 ** 31 - 1,
        -(2 ** 31),
      ]);
      expect(bits(to(x, 'uint8').data())).toEqual([0, 255, 0, 0, 0, 0, 0, 1, 0, 255, 255, 255, 0]);
      expect(bits(to(x, 'bool').data())).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    }
  });

  it('keeps the low byte of int32 in uint8', () => {
    use();
    expect(bits(to(tensor([-1, 256, 257, 511], { dtype: 'int32' }), 'uint8').data())).toEqual([255, 0, 1, 255]);
  });

  it('rounds to bfloat16, ties to even, and keeps NaN and infinities', () => {
    use();
    // 1 + 2⁻⁸ lies halfway between 1 and 1 + 2⁻⁷: down to the even one; 1 + 3 · 2⁻⁸ goes up.
    const x = tensor([1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, NaN, -Infinity, 3.4e38]);
    const y = to(x, 'bfloat16').toArray();
    expect(y).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, NaN, -Infinity, Infinity]);
  });

  it('round-trips every dtype through wider ones', () => {
    use();
    const order: DType[] = ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'];
    for (const narrow of order) {
      for (const wide of order.slice(order.indexOf(narrow))) {
        const x = tensor([1, 0, 1], { dtype: narrow });
        const y = to(to(x, wide), narrow);
        expect(y.dtype).toBe(narrow);
        expect(y.data()).toEqual(x.data());
      }
    }
  });

  it('is the tensor itself where the dtype is the same', () => {
    use();
    const x = tensor([1]);
    expect(to(x, 'float32')).toBe(x);
  });
});
