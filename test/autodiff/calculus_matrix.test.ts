import { crossEntropy, eye, grad, gt, jacobian, jvp, linear, softmax, stack, type Tensor, tensor, vjp } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { close, d, diagonal, first, second } from '../calculus.js';

/* What the lecture notes of ../calculus.ts state on derivatives of vectors and matrices, by number and line. */

describe('Jacobians and matrix calculus', () => {
  const f = (x: Tensor): Tensor =>
    stack([first(x).square().mul(second(x)).mul(3), first(x).mul(2).add(second(x).pow(8))]);
  const point = d([1, 2]);

  it('lecture notes 004, lines 4483 and 4657: the gradients [6yx, 3x²] of 3x²y and [2, 8y⁷] of 2x + y⁸', () => {
    close(grad((x: Tensor) => first(f(x)))(point), [12, 3]);
    close(grad((x: Tensor) => second(f(x)))(point), [2, 1024]);
    const slope = grad(({ u, v }: { u: Tensor; v: Tensor }) => u.square().mul(v).mul(3))({ u: d(1), v: d(2) });
    expect([slope.u.item(), slope.v.item()]).toEqual([12, 3]);
  });

  it.each(['reverse', 'forward'] as const)(
    'lecture notes 004, line 4691: the Jacobian, numerator layout, by %s mode; line 4695: denominator layout, its transpose',
    (mode) => {
      const J = jacobian(f, { mode })(point);
      close(J, [
        [12, 3],
        [2, 1024],
      ]);
      close(J.transpose(), [
        [12, 2],
        [3, 1024],
      ]);
    },
  );

  it('lecture notes 004, line 4728: the Jacobian of the identity is I', () => {
    close(jacobian((x: Tensor) => x)(d([3, 1, 4])), eye(3, 3, { dtype: 'float64' }));
  });

  const [w, x] = [d([2, -3, 5]), d([4, 0.5, -2])];
  const one = d([1, 1, 1]);
  it.each<[line: number, name: string, (w: Tensor, x: Tensor) => Tensor, byW: Tensor, byX: Tensor]>([
    [4788, 'w + x (line 4794 prints −I by x)', (w, x) => w.add(x), one, one],
    [4789, 'w − x (line 4795 prints I by x)', (w, x) => w.sub(x), one, one.neg()],
    [4790, 'w ⊗ x', (w, x) => w.mul(x), x, w],
    [4791, 'w ⊘ x', (w, x) => w.div(x), x.reciprocal(), w.div(x.square()).neg()],
  ])('lecture notes 004, line %i: the diagonal Jacobians of %s', (_, __, op, byW, byX) => {
    close(jacobian(op)(w, x), diagonal(byW));
    close(jacobian((v: Tensor) => op(w, v))(x), diagonal(byX));
  });

  it('lecture notes 004, line 4733: w > x is a vector of zeros and ones, without a derivative', () => {
    expect(gt(w, x).to('float64').toArray()).toEqual([0, 0, 1]);
    close(grad((v: Tensor) => gt(v, x).to('float64').sum())(w), [0, 0, 0]);
  });

  it('lecture notes 004, line 4819: sum has ones; lines 4825 and 4831: sum(x z) has sum(x) by z and z by x', () => {
    close(grad((v: Tensor) => v.sum())(x), one);
    close(grad((z: Tensor) => x.mul(z).sum())(d(7)), 2.5);
    close(grad((v: Tensor) => v.mul(7).sum())(x), [7, 7, 7]);
  });

  it('lecture notes 004, line 4857: [ln x², sin 3x] has [2/x, 3 cos 3x]; line 4875: the product of its parts’ Jacobians', () => {
    const g = (x: Tensor): Tensor => stack([x.square(), x.mul(3)]);
    const outer = (g: Tensor): Tensor => stack([first(g).log(), second(g).sin()]);
    const expected = [2 / 0.8, 3 * Math.cos(2.4)];
    close(jacobian((x: Tensor) => outer(g(x)))(d(0.8)), expected);
    close(jacobian(outer)(g(d(0.8))), diagonal(d([1 / 0.64, Math.cos(2.4)])));
    close(jacobian(g)(d(0.8)), [1.6, 3]);
    close(jacobian(outer)(g(d(0.8))).matmul(jacobian(g)(d(0.8))), expected);
  });

  const inner = (x: Tensor): Tensor =>
    linear(
      x,
      d([
        [1, -2],
        [0.5, 3],
        [-1, 1],
      ]),
    ).tanh();
  const outer = (y: Tensor): Tensor => stack([y.square().sum(), y.prod()]);

  it('lecture notes 001, line 642, lecture notes 004, line 4879: a composition’s Jacobian is its parts’ product', () => {
    const x = d([0.3, -0.2]);
    close(jacobian((v: Tensor) => outer(inner(v)))(x), jacobian(outer)(inner(x)).matmul(jacobian(inner)(x)));
  });

  it('lecture notes 001, line 640: the differential of a composition is the composition of the differentials', () => {
    const [x, t] = [d([0.3, -0.2]), d([1.5, -0.7])];
    const [y, dy] = jvp(inner, [x], [t]);
    close(jvp((v: Tensor) => outer(inner(v)), [x], [t])[1], jvp(outer, [y], [dy])[1]);
  });

  it('lecture notes 004, line 4887: elementwise parts have diagonal Jacobians, and so has their composition', () => {
    close(jacobian((v: Tensor) => v.square().exp())(d([0.5, -1])), diagonal(d([Math.exp(0.25), -2 * Math.E])));
  });

  it('lecture notes 001, line 650: a layer’s Jacobian by its parameters is block diagonal, line 656: by its input not', () => {
    const layer = (p: { w: Tensor; b: Tensor }, x: Tensor): Tensor => linear(x, p.w, p.b).sigmoid();
    const [parameters, x] = [
      {
        w: d([
          [1, 2],
          [-1, 0.5],
          [0.3, 0.1],
        ]),
        b: d([0, 1, -1]),
      },
      d([0.4, -0.9]),
    ];
    const J = jacobian(layer)(parameters, x);
    expect([J.w.shape, J.b.shape]).toEqual([
      [3, 3, 2],
      [3, 3],
    ]);
    const y = layer(parameters, x);
    const slope = y.mul(y.neg().add(1));
    // ∂fᵢ/∂θᵢ = (σ′ x₁, σ′ x₂, σ′), line 654
    close(J.b, diagonal(slope));
    close(J.w, eye(3, 3, { dtype: 'float64' }).mul(slope).reshape([3, 3, 1]).mul(x));
    close(jacobian((v: Tensor) => layer(parameters, v))(x), slope.reshape([3, 1]).mul(parameters.w));
  });

  it('lecture notes 001, lines 667–675: back-propagation through three layers, one local gradient after another', () => {
    const thetas = [0.3, -0.5, 0.7].map((s) =>
      d([
        [s, 1],
        [-1, 2 * s],
      ]),
    );
    const layer = (x: Tensor, theta: Tensor): Tensor => linear(x, theta).tanh();
    const loss = (o: Tensor): Tensor =>
      o
        .sub(d([0.5, -0.5]))
        .square()
        .sum();
    const x = d([1, -2]);
    const [q, toFirst] = vjp((theta: Tensor) => layer(x, theta), thetas[0]);
    const [r, toSecond] = vjp(layer, q, thetas[1]);
    const [o, toThird] = vjp(layer, r, thetas[2]);
    const [dr, d3] = toThird(grad(loss)(o));
    const [dq, d2] = toSecond(dr);
    const [d1] = toFirst(dq);
    const whole = grad((all: Tensor[]) => loss(all.reduce(layer, x)))(thetas);
    [d1, d2, d3].forEach((gradient, i) => {
      close(gradient, whole[i]);
    });
  });

  it('lecture notes 000, line 906 and lecture notes 002, line 316: the softmax’s Jacobian, at (1, 2, 3)', () => {
    const S = [0.09003057317038046, 0.24472847105479767, 0.6652409557748219];
    const J = jacobian((x: Tensor) => softmax(x))(d([1, 2, 3]));
    close(
      J,
      S.map((p, i) => S.map((q, j) => (i === j ? p * (1 - q) : -p * q))),
    );
    close(J.slice(0), [0.081925, -0.022033, -0.059892], 1e-6);
  });

  it('lecture notes 002, line 834: the cross-entropy of a softmax has the derivative f − f*', () => {
    const target = tensor([2], { dtype: 'int32' });
    close(grad((s: Tensor) => crossEntropy(s, target))(d([[1, 2, 3]])), [
      [0.09003057317038046, 0.24472847105479767, -0.33475904422517816],
    ]);
  });
});
