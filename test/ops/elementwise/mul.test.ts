import { mul, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

const formula = (a: number, b: number): number => a * b;

spec('mul', mul, { reference: broadcasting(formula), samples: binarySamples() });
binaryClaims('mul', mul, { reference: formula, integers: 'int32' });

describe.each(engines)('mul on $name', ({ use }) => {
  it('wraps int32', () => {
    use();
    const [a, b] = [
      [65536, 46341],
      [65536, 46341],
    ].map((values) => tensor(values, { dtype: 'int32' }));
    expect(mul(a, b).toArray()).toEqual([0, -2147479015]);
  });
});

it('mul refuses two bool tensors', () => {
  expect(() => mul(tensor([true]), tensor([false]))).toThrow(
    "mul: two bool tensors have no arithmetic; use logicalAnd, logicalOr, logicalXor, or convert with to('int32')",
  );
});

it('mul refuses a number that the dtype lacks', () => {
  expect(() => mul(tensor([1], { dtype: 'int32' }), 0.5)).toThrow(
    "mul: a number takes the tensor's dtype, and 0.5 is no int32 (whole, -2147483648 to 2147483647); convert the tensor with to('float32')",
  );
});
