import { sum, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, randomSequence, spec } from '../../harness.js';
import { axisErrors, largeReductionSamples, reducing, reductionSamples } from '../../reduction.js';

const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);

spec('sum', sum, {
  reference: reducing(total),
  samples: reductionSamples(),
  errors: [
    ...axisErrors('sum', sum, tensor([[1, 2]])),
    {
      call: () => sum(tensor([2 ** 31 - 1, 2 ** 31 - 1], { dtype: 'int32' })),
      says: "sum: the total 4294967294 is no int32; convert with to('float64') first",
    },
  ],
});
// 210,000 random terms cancel to a thousandth of their sum of magnitudes. Blocks are added in their dtype, pairwise, and the
// blocks in float64: some roundings of a block's sum, not of the total.
spec('sum of many', sum, {
  reference: reducing(total),
  samples: largeReductionSamples(),
  slack: 4,
  differentiable: 'elsewhere',
});

describe.each(engines)('sum on $name', ({ use }) => {
  it('adds a million float32 within 1e-6', () => {
    use();
    const random = randomSequence(1);
    const x = tensor(Float32Array.from({ length: 1e6 }, random));
    const exact = x.data().reduce((a, b) => a + b, 0);
    expect(Math.abs(sum(x).item() - exact) / exact).toBeLessThan(1e-6);
    const columns = x.reshape([1000, 1000]).sum(0).data();
    for (const c of [0, 999]) {
      let column = 0;
      for (let r = 0; r < 1000; r++) column += x.storage.data[r * 1000 + c];
      expect(Math.abs(columns[c] - column) / column).toBeLessThan(1e-6);
    }
  });

  it('carries NaN and infinities', () => {
    use();
    const x = tensor([
      [NaN, 1],
      [Infinity, 1],
      [Infinity, -Infinity],
    ]);
    expect(sum(x, 1).toArray()).toEqual([NaN, Infinity, NaN]);
  });

  it('counts bool and integers exactly in int32, bfloat16 in float32', () => {
    use();
    const flags = sum(tensor([true, false, true]));
    expect([flags.dtype, flags.item()]).toEqual(['int32', 2]);
    const bytes = sum(tensor([255, 255, 2], { dtype: 'uint8' }));
    expect([bytes.dtype, bytes.item()]).toEqual(['int32', 512]);
    const least = sum(tensor([-(2 ** 30), -(2 ** 30)], { dtype: 'int32' }));
    expect(least.item()).toBe(-(2 ** 31));
    const halves = sum(tensor(Array.from({ length: 1000 }, () => 0.125)).to('bfloat16') as Tensor);
    expect([halves.dtype, halves.item()]).toEqual(['bfloat16', 125]);
  });
});
