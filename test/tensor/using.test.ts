import { tensor } from 'adjoint';
import { expect, it } from 'vitest';

it('a tensor declared with `using` lets go of its history and gradient, and keeps its values', () => {
  const x = tensor([1, 2]).requireGrad();
  const outside = (() => {
    using y = x.mul(3);
    return { y, loss: y.square().sum() };
  })();
  expect(outside.y.node).toBeNull();
  expect(outside.y.toArray()).toEqual([3, 6]);
  outside.loss.backward();
  expect(x.grad?.toArray()).toEqual([18, 36]);
  {
    using leaf = x;
    expect(leaf.grad).not.toBeNull();
  }
  expect(x.grad).toBeNull();
  expect(x.requiresGrad).toBe(true);
});
