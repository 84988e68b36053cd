import { grad, noGrad, type Tensor, tensor, valueAndGrad } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('grad on $name', ({ use }) => {
  it('differentiates repeatedly: x⁴ has 4x³, 12x², 24x', () => {
    use();
    const f = (x: Tensor): Tensor => x.mul(x).mul(x).mul(x).sum();
    const derivatives = [grad(f), grad(grad(f)), grad(grad(grad(f)))];
    expect(derivatives.map((d) => d(tensor(2)).item())).toEqual([32, 48, 48]);
    expect(derivatives.map((d) => d(tensor(2, { requiresGrad: true })).item())).toEqual([32, 48, 48]);
    expect(grad(grad(grad(grad(f))))(tensor(2)).item()).toBe(24);
  });

  it('differentiates a gradient with respect to another argument', () => {
    use();
    // ∂²(x²y)/∂x∂y = 2x
    const f = (x: Tensor, y: Tensor): Tensor => x.mul(x).mul(y).sum();
    const mixed = grad((y: Tensor) => grad(f)(tensor([3, 4]), y).sum());
    expect(mixed(tensor([1, 1])).toArray()).toEqual([6, 8]);
  });

  it('takes nested arrays and objects and gives the same form back', () => {
    use();
    const parameters = { layers: [{ w: tensor([1, 2]) }, { w: tensor([3, 4]) }], scale: tensor(2) };
    const [value, gradient] = valueAndGrad((p: typeof parameters, x: Tensor) =>
      p.layers[0].w.mul(p.layers[1].w).mul(x).sum().mul(p.scale),
    )(parameters, tensor([1, 10]));
    expect(value.item()).toBe(166);
    expect(gradient.layers.map(({ w }) => w.toArray())).toEqual([
      [6, 80],
      [2, 40],
    ]);
    expect(gradient.scale.item()).toBe(83);
  });

  it('gives zeros for what the value does not depend on', () => {
    use();
    const gradient = grad(({ a }: { a: Tensor; b: Tensor }) => a.sum())({ a: tensor([1]), b: tensor([1, 2]) });
    expect(gradient.b.toArray()).toEqual([0, 0]);
    expect(grad(() => tensor(1))(tensor([1, 2])).toArray()).toEqual([0, 0]);
  });

  it('leaves grad of its arguments alone, and of what else it reads', () => {
    use();
    const x = tensor([1, 2], { requiresGrad: true });
    const w = tensor([3, 4], { requiresGrad: true });
    const gradient = grad((v: Tensor) => v.mul(w).sum())(x);
    expect([x.grad, w.grad]).toEqual([null, null]);
    // It can be differentiated with respect to w, since w is waiting for a gradient.
    gradient.sum().backward();
    expect([x.grad, w.grad?.toArray()]).toEqual([null, [1, 1]]);
  });

  it('treats a leaf and its use from outside as one', () => {
    use();
    const x = tensor(3, { requiresGrad: true });
    expect(grad((v: Tensor) => v.mul(x))(x).item()).toBe(6);
  });

  it('gives results without history where nobody is waiting', () => {
    use();
    const [value, gradient] = valueAndGrad((x: Tensor) => x.mul(x).sum())(tensor([1, 2], { requiresGrad: true }));
    expect([value.node, gradient.node]).toEqual([null, null]);
    const kept = grad((x: Tensor) => x.mul(x).sum(), { createGraph: true })(tensor([1, 2], { requiresGrad: true }));
    expect(kept.node).not.toBeNull();
  });

  it('works within noGrad', () => {
    use();
    const w = tensor(5, { requiresGrad: true });
    const gradient = noGrad(() => grad((x: Tensor) => x.mul(x).mul(w))(tensor(2)));
    expect([gradient.item(), gradient.node]).toEqual([20, null]);
  });
});

it('grad: refuses a value of several elements', () => {
  expect(() => grad((x: Tensor) => x.mul(2))(tensor([1, 2]))).toThrow(
    'grad: a result of shape [2] needs a gradient of that shape to start from; reduce it to one element (sum, mean) or pass one',
  );
});

it('grad: refuses a promise and what is no tensor', () => {
  const wait = (async (x: Tensor) => x.sum()) as unknown as (x: Tensor) => Tensor;
  expect(() => grad(wait)(tensor(1))).toThrow(
    'grad: the function must return a tensor at once; got a promise; async functions cannot be differentiated',
  );
  expect(() => grad((() => 1) as unknown as (x: Tensor) => Tensor)(tensor(1))).toThrow(
    'grad: the function must return a tensor at once; got number',
  );
});

it('grad: refuses a released graph instead of leaving its part out', () => {
  const x = tensor(3, { requiresGrad: true });
  const y = x.mul(2);
  y.backward();
  expect(() => grad((v: Tensor) => v.mul(y))(x)).toThrow(
    'backward: the graph behind this mul was released by an earlier backward; pass { retainGraph: true } to that one',
  );
});
