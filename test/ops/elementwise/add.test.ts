import { add, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, engines, spec } from '../../harness.js';

const formula = (a: number, b: number): number => a + b;

spec('add', add, { reference: broadcasting(formula), samples: binarySamples() });
binaryClaims('add', add, { reference: formula, integers: 'int32' });

describe.each(engines)('add on $name', ({ use }) => {
  it('wraps int32', () => {
    use();
    const [a, b] = [
      [2 ** 31 - 1, -(2 ** 31)],
      [1, -1],
    ].map((values) => tensor(values, { dtype: 'int32' }));
    expect(add(a, b).toArray()).toEqual([-(2 ** 31), 2 ** 31 - 1]);
  });
});

it('add refuses two bool tensors', () => {
  expect(() => add(tensor([true]), tensor([false]))).toThrow(
    "add: two bool tensors have no arithmetic; use logicalAnd, logicalOr, logicalXor, or convert with to('int32')",
  );
});

it('add refuses a number that the dtype lacks', () => {
  expect(() => add(tensor([1], { dtype: 'int32' }), 0.5)).toThrow(
    "add: a number takes the tensor's dtype, and 0.5 is no int32 (whole, -2147483648 to 2147483647); convert the tensor with to('float32')",
  );
});
