import { eye, grad, gradcheck, jacobian, noGrad, ones, stack, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../harness.js';

const d = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: 'float64' });
const modes = engines.flatMap(({ name, use }) =>
  (['reverse', 'forward'] as const).map((mode) => ({ name, use, mode })),
);

describe.each(modes)('jacobian on $name by $mode mode', ({ use, mode }) => {
  it('has a row for each element of the result and a column for each of the argument', () => {
    use();
    const A = d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(jacobian((x: Tensor) => A.matmul(x), { mode })(d([7, 8, 9])).toArray()).toEqual(A.toArray());
  });

  it('has the axes of the result before those of the argument', () => {
    use();
    const [X, W] = [
      d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      d([
        [1, -1, 0.5, 2],
        [0, 3, 1, -2],
      ]),
    ];
    const J = jacobian((x: Tensor) => x.matmul(W), { mode })(X);
    // ∂y[i, j] / ∂x[k, l] = δ(i, k) w[l, j]
    const expected = eye(3, 3, { dtype: 'float64' })
      .reshape([3, 1, 3, 1])
      .mul(W.transpose().reshape([1, 4, 1, 2]));
    expectClose(J, { shape: [3, 4, 3, 2], data: [...expected.data()] });
  });

  it('of a scalar is the gradient, by a scalar has the axes of the result', () => {
    use();
    expect(jacobian((x: Tensor) => x.square().sum(), { mode })(d([1, 2])).toArray()).toEqual([2, 4]);
    expect(jacobian((x: Tensor) => stack([x, x.square()]), { mode })(d(3)).toArray()).toEqual([1, 6]);
  });

  it('gives blocks for trees, with the form of the result outside', () => {
    use();
    const f = (p: { x: Tensor; y: Tensor[] }) => ({ product: p.x.mul(p.y[0]), sum: p.x.sum() });
    const J = jacobian(f, { mode })({ x: d([1, 2]), y: [d(5), d([7, 8, 9])] });
    expect(J.product.x.toArray()).toEqual([
      [5, 0],
      [0, 5],
    ]);
    expect(J.product.y[0].toArray()).toEqual([1, 2]);
    expect(J.product.y[1].toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(J.sum.x.toArray()).toEqual([1, 1]);
    expect(J.sum.y.map((block) => block.toArray())).toEqual([0, [0, 0, 0]]);
  });

  it('differentiates by the first argument alone', () => {
    use();
    expect(jacobian((x: Tensor, w: Tensor) => x.mul(w), { mode })(d([1, 2]), d([3, 4])).toArray()).toEqual([
      [3, 0],
      [0, 4],
    ]);
  });

  it('is 0 for integers and where nothing has an influence', () => {
    use();
    const J = jacobian((p: { x: Tensor; i: Tensor }) => [p.x.indexSelect(0, p.i), p.i, p.x.detach()], { mode })({
      x: d([5, 6]),
      i: tensor([1, 1], { dtype: 'int32' }),
    });
    expect(J.map(({ x }) => x.toArray())).toEqual([
      [
        [0, 1],
        [0, 1],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(J.map(({ i }) => i.toArray())).toEqual(
      Array(3).fill([
        [0, 0],
        [0, 0],
      ]),
    );
  });

  it('keeps empty axes', () => {
    use();
    const f = (x: Tensor): Tensor => x.mul(2);
    expect(jacobian(f, { mode })(ones([0, 3])).shape).toEqual([0, 3, 0, 3]);
    expect(jacobian((x: Tensor) => x.sum(), { mode })(ones([0])).shape).toEqual([0]);
  });

  it('is differentiable in turn', () => {
    use();
    const f = (x: Tensor): Tensor => stack([x.prod(), x.sin().sum()]);
    const J = jacobian(f, { mode });
    gradcheck(J, [d([0.5, -1.5, 2])], { order: 2, forward: true });
    const H = jacobian(J, { mode })(d([2, 3, 5]));
    expect(H.shape).toEqual([2, 3, 3]);
    expect(H.slice(0).toArray()).toEqual([
      [0, 5, 3],
      [5, 0, 2],
      [3, 2, 0],
    ]);
    const w = d([1, 2]).requireGrad();
    jacobian((x: Tensor) => x.mul(w), { mode })(d([3, 4]))
      .sum()
      .backward();
    expect(w.grad?.toArray()).toEqual([1, 1]);
  });

  it('has the dtype of the argument, and no history where nobody is waiting', () => {
    use();
    const J = jacobian((x: Tensor) => x.to('float64').square(), { mode })(tensor([3], { requiresGrad: true }));
    expect([J.dtype, J.node, J.toArray()]).toEqual(['float32', null, [[6]]]);
    expect(noGrad(() => jacobian((x: Tensor) => x.square(), { mode })(d([3]))).toArray()).toEqual([[6]]);
  });

  it('is one backward or forward for each element, through one run of the function', () => {
    use();
    let runs = 0;
    const f = (x: Tensor): Tensor => {
      runs++;
      return x.square();
    };
    jacobian(f, { mode })(d([1, 2, 3]));
    expect(runs).toBe(1);
  });
});

it.each(engines)('jacobian on $name: both modes agree', ({ use }) => {
  use();
  const f = (x: Tensor): Tensor => stack([x.softmax().log().sum(), x.norm(), x.cumsum(0).tanh().sum()]);
  const x = d([0.3, -0.8, 1.2, 0.1]);
  const [reverse, forward] = (['reverse', 'forward'] as const).map((mode) => jacobian(f, { mode })(x));
  expectClose(reverse, { shape: [3, 4], data: [...forward.data()] }, { slack: 10 });
  const rows = [0, 1, 2].flatMap((i) => [...grad((v: Tensor) => f(v).slice(i))(x).data()]);
  expectClose(reverse, { shape: [3, 4], data: rows });
});
