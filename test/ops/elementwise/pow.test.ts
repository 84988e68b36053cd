import { grad, pow, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

/** IEEE 754: 1 to any power is 1, and so is −1 to ±∞. */
const formula = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

spec('pow', pow, { reference: broadcasting(formula), samples: binarySamples([0.3, 2], [-2, 3]) });
binaryClaims('pow', pow, { reference: formula, integers: 'int32' });

describe.each(engines)('pow on $name', ({ use }) => {
  it('is exact on integers, wraps, and cuts a negative power towards 0', () => {
    use();
    const a = tensor([3, 2, -2, 2, 1, -1, -1, 0, 7], { dtype: 'int32' });
    const b = tensor([19, 31, 31, -1, -5, -3, -2, 0, 30], { dtype: 'int32' });
    const seventh = Number(BigInt.asIntN(32, 7n ** 30n));
    expect(pow(a, b).toArray()).toEqual([1162261467, -(2 ** 31), -(2 ** 31), 0, 1, -1, 1, 1, seventh]);
  });

  it('gives the same square for 2 as a number and as a tensor', () => {
    use();
    const x = tensor(Float32Array.from({ length: 100 }, (_, i) => Math.sin(i) * 3));
    expect(pow(x, tensor(new Float32Array(100).fill(2))).data()).toEqual(pow(x, 2).data());
  });

  it('has finite derivatives at base 0', () => {
    use();
    const [da, db] = grad(([a, b]: [Tensor, Tensor]) => pow(a, b).sum())([tensor([0, 0, 0]), tensor([0, 1, 2])]);
    expect(da.toArray()).toEqual([0, 1, 0]);
    expect(db.toArray()).toEqual([0, 0, 0]);
  });
});
