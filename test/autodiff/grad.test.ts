import { grad, layerNorm, nn, noGrad, type Tensor, tensor, valueAndGrad } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../harness.js';

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

  it('takes a use from outside as a constant, also of the argument itself', () => {
    use();
    const x = tensor(3, { requiresGrad: true });
    expect(grad((v: Tensor) => v.mul(x))(x).item()).toBe(3);
    expect(grad((v: Tensor) => v.mul(x))(x.detach()).item()).toBe(3);
    // d/dx [∂(x·y)/∂y at y = x] = d/dx x = 1, where x seen as y would give 2.
    expect(grad((u: Tensor) => grad((y: Tensor) => u.mul(y))(u))(x).item()).toBe(1);
    // d/dx [x · d/dy (x + y)] = 1
    expect(grad((u: Tensor) => u.mul(grad((y: Tensor) => u.add(y))(tensor(1))))(tensor(1)).item()).toBe(1);
  });

  it('differentiates twice through a fused op that is given one tensor in two places', () => {
    use();
    const x = tensor([
      [1, 2, 4],
      [-1, 5, 0],
    ]);
    const f = (weight: Tensor, bias: Tensor): Tensor => layerNorm(x, [3], { weight, bias }).square().sum();
    // Σ (x̂ v + v)² has the gradient 2 v Σ (x̂ + 1)², and its sum the derivative 2 Σ (x̂ + 1)².
    const normal = layerNorm(x, [3]);
    const expected = normal.add(1).square().sum(0).mul(2);
    const slope = grad((v: Tensor) => f(v, v));
    const v = tensor([1, -2, 3]);
    expectClose(slope(v), { shape: [3], data: [...expected.mul(v).data()] }, { slack: 10 });
    expectClose(grad((v: Tensor) => slope(v).sum())(v), { shape: [3], data: [...expected.data()] }, { slack: 10 });
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
    'grad: the function must return its result at once; got a promise; async functions cannot be differentiated',
  );
  const form = "grad: the function's result must be a tensor, or arrays and plain objects of tensors; got";
  const close = 'close over what is not differentiated';
  expect(() => grad((() => 1) as unknown as (x: Tensor) => Tensor)(tensor(1))).toThrow(`${form} a number; ${close}`);
  expect(() => grad((() => undefined) as unknown as (x: Tensor) => Tensor)(tensor(1))).toThrow(
    `${form} undefined; ${close}`,
  );
  expect(() => grad(((x: Tensor) => [x, x]) as unknown as (x: Tensor) => Tensor)(tensor(1))).toThrow(
    'grad: the function must return one tensor; got several; use vjp or jacobian for those',
  );
});

it('grad: says where an argument holds something else than a tensor', () => {
  const form = 'grad: the argument must be a tensor, or arrays and plain objects of tensors; got';
  const close = 'close over what is not differentiated';
  const f = (): Tensor => tensor(1);
  expect(() => grad(f)({ layers: [{ w: tensor(1), rate: 0.5 }] } as never)).toThrow(
    `${form} a number at layers.0.rate; ${close}`,
  );
  expect(() => grad(f)({ bias: null } as never)).toThrow(`${form} null at bias; ${close}`);
  expect(() => grad(f)({ layer: new nn.Linear(2, 2) } as never)).toThrow(
    `${form} an instance of Linear at layer; ${close}`,
  );
});

it('grad: passes integers as they are, with a gradient of 0', () => {
  const gradient = grad(({ w, i }: { w: Tensor; i: Tensor }) => w.indexSelect(0, i).sum())({
    w: tensor([1, 2, 3]),
    i: tensor([0, 0, 2], { dtype: 'int32' }),
  });
  expect(gradient.w.toArray()).toEqual([2, 0, 1]);
  expect([gradient.i.dtype, gradient.i.toArray()]).toEqual(['int32', [0, 0, 0]]);
});

it('grad: does not need what was released and does not lead to its argument', () => {
  const x = tensor(3, { requiresGrad: true });
  const y = x.mul(2);
  y.backward();
  expect(grad((v: Tensor) => v.mul(y))(x).item()).toBe(6);
});

it('grad: refuses a graph that was released on the way', () => {
  const f = (v: Tensor): Tensor => {
    const y = v.mul(v);
    y.backward();
    return y.mul(y);
  };
  expect(() => grad(f)(tensor(3))).toThrow(
    'backward: the graph behind this mul was released by an earlier backward; pass { retainGraph: true } to that one',
  );
});
