import { customGradient, grad, gradcheck, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('customGradient on $name', ({ use }) => {
  it('replaces the gradient', () => {
    use();
    const straightThrough = customGradient((x: Tensor) => ({ value: x.round(), backward: (dy) => [dy] }));
    const x = tensor([0.4, 1.6]);
    expect(straightThrough(x).toArray()).toEqual([0, 2]);
    expect(grad((v: Tensor) => straightThrough(v).mul(3).sum())(x).toArray()).toEqual([3, 3]);
  });

  it('passes gradients of gradients through its backward', () => {
    use();
    const cube = customGradient((x: Tensor) => ({
      value: x.mul(x).mul(x),
      backward: (dy) => [dy.mul(x.mul(x).mul(3))],
    }));
    gradcheck(cube, [tensor([0.5, -1.5], { dtype: 'float64' })], { order: 2 });
  });

  it('passes nothing to an input whose gradient is null', () => {
    use();
    const first = customGradient((a: Tensor, b: Tensor) => ({ value: a.mul(b), backward: (dy) => [dy.mul(b), null] }));
    const [a, b] = [tensor(2, { requiresGrad: true }), tensor(3, { requiresGrad: true })];
    first(a, b).backward();
    expect([a.grad?.item(), b.grad]).toEqual([3, null]);
  });

  it('does not record what computes the value', () => {
    use();
    const w = tensor(3, { requiresGrad: true });
    const f = customGradient((x: Tensor) => ({ value: x.mul(w), backward: (dy) => [dy] }));
    expect(f(tensor(2)).node).toBeNull();
  });
});

const run = (result: unknown): void => {
  customGradient((() => result) as never)(tensor([1, 2], { requiresGrad: true })).backward(tensor([1, 1]));
};

it('customGradient: states what is wrong with the function', () => {
  const value = tensor([1, 2]);
  const message = 'customGradient: the function must return { value, backward } with a tensor as value';
  expect(() => run({ value: 1, backward: () => [] })).toThrow(message);
  expect(() => run(value)).toThrow(message);
  expect(() => run(undefined)).toThrow(message);
  expect(() => run(Promise.resolve())).toThrow(
    'noGrad: the callback must be synchronous; got a promise; call noGrad around each synchronous part',
  );
  expect(() => run({ value, backward: () => [value, value] })).toThrow(
    'customGradient: backward must return one gradient per input (1); got 2',
  );
  expect(() => run({ value, backward: () => [tensor([1])] })).toThrow(
    'customGradient: the gradient of input 0 must have its shape [2]; got [1]',
  );
});

it('customGradient: refuses a backward whose input was overwritten', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = customGradient((v: Tensor) => ({ value: v.mul(v), backward: (dy) => [dy.mul(v).mul(2)] }))(x);
  x.assign(tensor([5, 5]));
  expect(() => y.sum().backward()).toThrow(
    'backward: customGradient saved a tensor of shape [2] that assign has overwritten since ' +
      '(version 0, now 1); run backward before it, or compute the result again',
  );
});
