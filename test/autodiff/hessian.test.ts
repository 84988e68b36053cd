import { crossEntropy, eye, grad, gradcheck, hessian, hvp, logSumExp, nn, softmax, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../harness.js';

const d = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: 'float64' });
const I = (n: number): Tensor => eye(n, n, { dtype: 'float64' });
const outer = (a: Tensor, b: Tensor): Tensor => a.reshape([a.size, 1]).mul(b);
const equal = (actual: Tensor, expected: Tensor, slack = 20): void =>
  expectClose(actual, { shape: [...expected.shape], data: [...expected.data()] }, { slack });

const A = d([
  [2, -1, 0.5],
  [3, 1, -2],
  [0, 4, 1],
]);
const x = d([0.4, -1.3, 0.8]);

describe.each(engines)('hessian on $name has the closed form of', ({ use }) => {
  it('xᵀ A x + bᵀ x: A + Aᵀ, however A looks', () => {
    use();
    equal(hessian((x: Tensor) => x.matmul(A).matmul(x).add(x.mul(3).sum()))(x), A.add(A.transpose()));
  });

  it('½ |A x − b|²: AᵀA', () => {
    use();
    const f = (x: Tensor): Tensor =>
      A.matmul(x)
        .sub(d([1, 2, 3]))
        .square()
        .sum()
        .mul(0.5);
    equal(hessian(f)(x), A.transpose().matmul(A));
  });

  it('Σ exp(A x): Aᵀ diag(exp(A x)) A', () => {
    use();
    const e = A.matmul(x).exp();
    equal(hessian((x: Tensor) => A.matmul(x).exp().sum())(x), A.transpose().mul(e).matmul(A));
  });

  it('log Σ exp: diag(p) − p pᵀ', () => {
    use();
    const p = softmax(x);
    equal(hessian((x: Tensor) => logSumExp(x, 0))(x), I(3).mul(p).sub(outer(p, p)));
  });

  it('the cross-entropy of a softmax, for any label: diag(p) − p pᵀ', () => {
    use();
    const p = softmax(x);
    const expected = I(3).mul(p).sub(outer(p, p));
    for (const label of [0, 1, 2]) {
      const loss = (x: Tensor): Tensor => crossEntropy(x.reshape([1, 3]), tensor([label], { dtype: 'int32' }));
      equal(hessian(loss)(x), expected);
    }
  });

  it('logistic loss of X w: Xᵀ diag(σ (1 − σ)) X', () => {
    use();
    const s = A.matmul(x).sigmoid();
    equal(
      hessian((w: Tensor) => A.matmul(w).softplus().sum())(x),
      A.transpose()
        .mul(s.mul(s.neg().add(1)))
        .matmul(A),
    );
  });

  it('a product: 0 on the diagonal, the product of the others elsewhere', () => {
    use();
    expect(hessian((x: Tensor) => x.prod())(d([2, 3, 5])).toArray()).toEqual([
      [0, 5, 3],
      [5, 0, 2],
      [3, 2, 0],
    ]);
  });

  it('|x|: (I − x xᵀ / |x|²) / |x|', () => {
    use();
    const length = x.square().sum().sqrt();
    equal(hessian((x: Tensor) => x.norm())(x), I(3).sub(outer(x, x).div(length.square())).div(length));
  });

  it('the Rosenbrock function in n dimensions', () => {
    use();
    // Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²: tridiagonal
    const f = (x: Tensor): Tensor => {
      const [a, b] = [x.slice([0, -1]), x.slice([1, null])];
      return b.sub(a.square()).square().mul(100).add(a.sub(1).square()).sum();
    };
    const [p, q, r] = [0.4, -1.3, 0.8];
    const expected = d([
      [1200 * p * p - 400 * q + 2, -400 * p, 0],
      [-400 * p, 200 + 1200 * q * q - 400 * r + 2, -400 * q],
      [0, -400 * q, 200],
    ]);
    equal(hessian(f)(d([p, q, r])), expected);
  });
});

describe.each(engines)('hessian on $name', ({ use }) => {
  it('gives nested blocks for trees', () => {
    use();
    const f = ({ w, b }: { w: Tensor; b: Tensor }): Tensor => w.square().sum().mul(b).add(b.pow(3));
    const H = hessian(f)({ w: d([1, 2]), b: d(5) });
    expect(H.w.w.toArray()).toEqual([
      [10, 0],
      [0, 10],
    ]);
    expect([H.w.b.toArray(), H.b.w.toArray(), H.b.b.toArray()]).toEqual([[2, 4], [2, 4], 30]);
  });

  it('takes further arguments, and matrices', () => {
    use();
    const H = hessian((w: Tensor, x: Tensor) => w.matmul(x).square().sum())(
      d([
        [1, 2],
        [3, 4],
      ]),
      d([5, 6]),
    );
    expect(H.shape).toEqual([2, 2, 2, 2]);
    // δ(i, k) · 2 xⱼ xₗ
    equal(
      H,
      I(2)
        .reshape([2, 1, 2, 1])
        .mul(outer(d([5, 6]), d([10, 12])).reshape([1, 2, 1, 2])),
    );
  });

  it('is differentiable in turn', () => {
    use();
    const f = (x: Tensor): Tensor => x.exp().prod();
    gradcheck(hessian(f), [d([0.2, -0.4])], { order: 2, forward: true });
    expectClose(hessian((x: Tensor) => hessian((v: Tensor) => v.pow(4))(x))(d(2)), { shape: [], data: [24] });
  });

  it('of a linear function is 0', () => {
    use();
    expect(hessian((x: Tensor) => x.sum())(x).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe.each(engines)('hvp on $name', ({ use }) => {
  it('is the product of the Hessian with the vector', () => {
    use();
    const f = (x: Tensor): Tensor => A.matmul(x).tanh().prod();
    const v = d([1, -2, 0.5]);
    equal(hvp(f)(x, v), hessian(f)(x).matmul(v));
  });

  it('takes trees and further arguments, such as all weights of a network', () => {
    use();
    const weights = {
      w: d([
        [0.5, -1],
        [2, 1],
      ]),
      b: d([0.1, -0.3]),
    };
    const loss = (p: typeof weights, x: Tensor): Tensor => p.w.matmul(x).add(p.b).tanh().square().sum();
    const v = {
      w: d([
        [1, 0],
        [-1, 2],
      ]),
      b: d([3, 1]),
    };
    const product = hvp(loss)(weights, v, d([0.7, -0.2]));
    const H = hessian(loss)(weights, d([0.7, -0.2]));
    equal(product.b, H.b.w.reshape([2, 4]).matmul(v.w.flatten()).add(H.b.b.matmul(v.b)));
    equal(
      product.w.flatten(),
      H.w.w
        .reshape([4, 4])
        .matmul(v.w.flatten())
        .add(H.w.b.reshape([4, 2]).matmul(v.b)),
    );
  });

  it('is differentiable in turn, by both arguments', () => {
    use();
    const product = hvp((x: Tensor) => x.sin().prod());
    gradcheck((x: Tensor, v: Tensor) => product(x, v), [d([0.3, 0.8]), d([1, -2])], { order: 2 });
  });

  it('works through layers in float32', () => {
    use();
    const layer = new nn.Linear(3, 3);
    const f = (x: Tensor): Tensor => layer.forward(x).tanh().square().sum();
    const [at, v] = [tensor([[0.1, 0.2, 0.3]]), tensor([[1, 2, 3]])];
    const H = hessian(f)(at).reshape([3, 3]);
    expectClose(hvp(f)(at, v).detach(), { shape: [1, 3], data: [...H.matmul(v.flatten()).data()] }, { slack: 10 });
  });
});

it('hvp: refuses a vector of another form or shape', () => {
  const f = (x: Tensor): Tensor => x.square().sum();
  expect(() => hvp(f)(x, d([1, 2]))).toThrow('hvp: v must have the shapes of the first argument, [3]; got [2]');
  expect(() => hvp(f)(x, [x] as never)).toThrow('hvp: v must have the form of the first argument; there is none');
  expect(() => grad(hessian(f) as (x: Tensor) => Tensor)(x)).toThrow('grad: a result of shape [3, 3] needs a gradient');
});
