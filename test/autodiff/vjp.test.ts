import { gelu, grad, isRecording, jvp, nn, noGrad, type Tensor, tensor, vjp } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('vjp on $name', ({ use }) => {
  it('pulls a cotangent back through a product', () => {
    use();
    const [x, w] = [tensor([[1, 2]]), tensor([[3], [4]])];
    const [y, pullback] = vjp((x: Tensor, w: Tensor) => x.matmul(w), x, w);
    expect(y.toArray()).toEqual([[11]]);
    expect(pullback(tensor([[2]])).map((g) => g.toArray())).toEqual([[[6, 8]], [[2], [4]]]);
    // As often as one likes.
    expect(pullback(tensor([[1]]))[0].toArray()).toEqual([[3, 4]]);
  });

  it('takes and gives trees', () => {
    use();
    const f = (p: { a: Tensor; b: Tensor[] }) => ({ sum: p.a.add(p.b[0]), products: [p.a.mul(p.b[0]), p.b[1].neg()] });
    const [y, pullback] = vjp(f, { a: tensor([1, 2]), b: [tensor([3, 4]), tensor(5)] });
    expect(y.products.map((part) => part.toArray())).toEqual([[3, 8], -5]);
    const [p] = pullback({ sum: tensor([1, 10]), products: [tensor([2, 2]), tensor(7)] });
    expect([p.a.toArray(), p.b.map((g) => g.toArray())]).toEqual([
      [7, 18],
      [[3, 14], -7],
    ]);
  });

  it('takes a cotangent whose keys are in another order', () => {
    use();
    const [, pullback] = vjp((x: Tensor) => ({ u: x.mul(2), v: x.mul(3) }), tensor([1, 1]));
    expect(pullback({ v: tensor([1, 0]), u: tensor([0, 1]) })[0].toArray()).toEqual([3, 2]);
  });

  it('gives 0 for what has no influence, and for integers', () => {
    use();
    const rows = tensor([1, 0], { dtype: 'int32' });
    const [y, pullback] = vjp(
      (x: Tensor, i: Tensor, z: Tensor) => ({ picked: x.indexSelect(0, i), i, constant: z.detach() }),
      tensor([5, 6]),
      rows,
      tensor([1, 2, 3]),
    );
    expect(y.i.toArray()).toEqual([1, 0]);
    const [dx, di, dz] = pullback({ picked: tensor([1, 2]), i: rows, constant: tensor([1, 1, 1]) });
    expect([dx.toArray(), di.toArray(), dz.toArray()]).toEqual([
      [2, 1],
      [0, 0],
      [0, 0, 0],
    ]);
    expect(di.dtype).toBe('int32');
  });

  it('passes the cotangent of an input that is returned as it is', () => {
    use();
    const [, pullback] = vjp((x: Tensor) => [x, x.mul(2)], tensor([1, 1]));
    expect(pullback([tensor([1, 2]), tensor([10, 20])])[0].toArray()).toEqual([21, 42]);
  });

  it('takes a cotangent of another dtype', () => {
    use();
    const [x, ones]: Tensor[] = [tensor([[0.5, 1, 2]]), tensor([[1, 1, 1]])];
    const [, pullback] = vjp((x: Tensor) => gelu(x), x);
    const expected = pullback(ones)[0].toArray();
    for (const dtype of ['float64', 'int32'] as const) expect(pullback(ones.to(dtype))[0].toArray()).toEqual(expected);
    const [dx] = vjp((x: Tensor): Tensor => x.to('float64').exp(), x)[1](ones);
    expect([dx.dtype, jvp((x: Tensor) => gelu(x), [x], [ones.to('float64')])[1].toArray()]).toEqual([
      'float32',
      jvp((x: Tensor) => gelu(x), [x], [ones])[1].toArray(),
    ]);
  });

  it('is differentiated in turn, with respect to the primal and to the cotangent', () => {
    use();
    // u · 3x²: by x 6xu, by u 3x²
    const pulled = (x: Tensor, u: Tensor): Tensor => vjp((v: Tensor) => v.pow(3), x)[1](u)[0].sum();
    expect(grad(pulled)(tensor([1, 2]), tensor([5, 7])).toArray()).toEqual([30, 84]);
    expect(grad((u: Tensor) => pulled(tensor([1, 2]), u))(tensor([5, 7])).toArray()).toEqual([3, 12]);
  });

  it('gives results without history where nobody is waiting', () => {
    use();
    const [y, pullback] = vjp((x: Tensor) => x.square(), tensor([1, 2], { requiresGrad: true }));
    expect([y.node, pullback(tensor([1, 1]))[0].node]).toEqual([null, null]);
  });

  it('keeps the history of parameters that f takes from outside', () => {
    use();
    const layer = new nn.Linear(2, 1, { bias: false });
    const [y, pullback] = vjp((x: Tensor) => layer.forward(x), tensor([[1, 2]]));
    pullback(tensor([[1]]))[0]
      .sum()
      .backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1, 1]]);
    y.sum().backward();
    expect(layer.weight.grad?.toArray()).toEqual([[2, 3]]);
  });

  it('works within noGrad', () => {
    use();
    noGrad(() => {
      const [y, pullback] = vjp((x: Tensor) => x.square(), tensor([1, 2]));
      expect([y.node, isRecording()]).toEqual([null, false]);
      expect(pullback(tensor([1, 1]))[0].toArray()).toEqual([2, 4]);
    });
  });
});

it('vjp: states what does not fit', () => {
  const [, pullback] = vjp((p: { a: Tensor; b: Tensor }) => ({ y: p.a.add(p.b) }), { a: tensor([1]), b: tensor([2]) });
  expect(() => pullback({ y: tensor([1, 2]) })).toThrow(
    'vjp: the cotangent must have the shapes of the value, [1] at y; got [2]',
  );
  expect(() => pullback({} as never)).toThrow('vjp: the cotangent must have the form of the value; there is none at y');
  expect(() => pullback({ y: tensor([1]), z: tensor([1]) } as never)).toThrow(
    'vjp: the cotangent must have the form of the value; there is one more at z',
  );
  expect(() => pullback({ y: 1 } as never)).toThrow(
    'vjp: the cotangent must be a tensor, or arrays and plain objects of tensors; got a number at y; close over what is not differentiated',
  );
  expect(() => vjp((x: Tensor) => x, 3 as never)).toThrow(
    'vjp: the argument must be a tensor, or arrays and plain objects of tensors; got a number; close over what is not differentiated',
  );
  expect(() => vjp((async (x: Tensor) => x) as never, tensor(1))).toThrow(
    'vjp: the function must return its result at once; got a promise; async functions cannot be differentiated',
  );
});
