import {
  avgPool2d,
  concat,
  conv1d,
  conv2d,
  grad,
  leakyRelu,
  maxPool2d,
  mseLoss,
  ones,
  pad,
  relu,
  sigmoid,
  softplus,
  type Tensor,
  tanh,
  valueAndGrad,
  vjp,
  where,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { at, close, d, gates, type Scalar } from '../calculus.js';

/* What the lecture notes of ../calculus.ts state on derivatives of networks and losses, by number and line. */

describe('neurons, layers and losses', () => {
  const [w, x] = [d([0.5, -1, 2]), d([1, 2, 3])];
  const neuron = (p: { w: Tensor; b: Tensor }): Tensor => relu(p.w.matmul(x).add(p.b));

  it.each([
    [1, 'xᵀ and 1 above 0', [1, 2, 3], 1],
    [-4.5, '0 at 0', [0, 0, 0], 0],
    [-9, '0 below', [0, 0, 0], 0],
  ])('lecture notes 004, lines 4972 and 4978: a ReLU neuron’s gradient with bias %f is %s', (b, _, dw, db) => {
    const gradient = grad(neuron)({ w, b: d(b) });
    close(gradient.w, dw);
    close(gradient.b, db);
  });

  it('lecture notes 004, lines 4937–4944: w · x + b has xᵀ by w and 1 by b', () => {
    const gradient = grad((p: { w: Tensor; b: Tensor }) => p.w.matmul(x).add(p.b))({ w, b: d(1) });
    close(gradient.w, x);
    close(gradient.b, 1);
  });

  // Lines 5032 and 5080 print the case outside of the sum.
  it('lecture notes 004, lines 5038 and 5089: (2/N) Σ e x and (2/N) Σ e over active neurons', () => {
    const X = [
      [1, 0],
      [-2, 1],
      [0.5, 3],
      [-1, -1],
    ];
    const [y, weights, bias] = [[1, 0, 2, 1], [0.8, 0.3], -0.1];
    const C = (p: { w: Tensor; b: Tensor }): Tensor =>
      d(y)
        .sub(relu(d(X).matmul(p.w).add(p.b)))
        .square()
        .mean();
    const gradient = grad(C)({ w: d(weights), b: d(bias) });
    const expected = { w: [0, 0], b: 0 };
    X.forEach((row, i) => {
      const z = row[0] * weights[0] + row[1] * weights[1] + bias;
      const e = z > 0 ? (2 / X.length) * (z - y[i]) : 0;
      expected.b += e;
      row.forEach((value, k) => {
        expected.w[k] += e * value;
      });
    });
    close(gradient.w, expected.w);
    close(gradient.b, expected.b);
    // Lecture notes 004, lines 5044 and 5084: against it the loss falls.
    const stepped = { w: d(weights).sub(gradient.w.mul(0.1)), b: d(bias).sub(gradient.b.mul(0.1)) };
    expect(C(stepped).item()).toBeLessThan(Number(C({ w: d(weights), b: d(bias) }).item()));
  });

  it('lecture notes 003, line 658: −1/n Σ t ln a of t = (1, 2, 3) at a = (4, 5, 6) has −1/12, −2/15, −1/6', () => {
    // The lecture adds 10⁻⁹ to a, which changes the tenth digit.
    const cost = (a: Tensor): Tensor => d([1, 2, 3]).mul(a.log()).mean().neg();
    close(grad(cost)(d([4, 5, 6])), [-1 / 12, -2 / 15, -1 / 6]);
    [-0.08333333, -0.13333333, -0.16666667].forEach((slope, i) => {
      expect(grad((a: Tensor) => cost(a.add(10e-10)))(d([4, 5, 6])).toArray()[i]).toBeCloseTo(slope, 8);
    });
  });

  it.each<[line: number, name: string, Scalar, (z: number) => number]>([
    [204, 'linear', (z) => z, () => 1],
    [205, 'Heaviside, off its step', (z) => where(z.ge(0), z.mul(0).add(1), z.mul(0)), () => 0],
    [206, 'sigmoid', sigmoid, (z) => Math.exp(-z) / (1 + Math.exp(-z)) ** 2],
    [207, 'hyperbolic tangent', tanh, (z) => 4 / (Math.exp(-z) + Math.exp(z)) ** 2],
    [208, 'ReLU', relu, (z) => (z < 0 ? 0 : 1)],
    [209, 'leaky ReLU', (z) => leakyRelu(z, 0.2), (z) => (z < 0 ? 0.2 : 1)],
    [210, 'ELU', (z) => where(z.lt(0), z.expm1(), z), (z) => (z < 0 ? Math.exp(z) : 1)],
  ])('lecture notes 000, line %i: derivative of the activation %s', (_, __, activation, derivative) => {
    for (const z of [-1.7, -0.2, 0.4, 2.5]) close(at(activation, z), derivative(z));
  });

  it('lecture notes 001, line 779: the derivative of softplus is the logistic sigmoid', () => {
    const z = d([-30, -1, 0, 2, 30]);
    close(grad((v: Tensor) => softplus(v).sum())(z), sigmoid(z));
  });

  const { x: X, and: AND, xor: XOR } = gates;

  it('lecture notes 000, line 234: ∇J = 2 XᵀX w − 2 XᵀY, which is 0 at line 238’s w = (−¼, ½, ½) for AND', () => {
    const gradient = grad((w: Tensor) => X.matmul(w).sub(AND).square().sum());
    const w = d([0.3, -1, 2]);
    close(gradient(w), X.transpose().matmul(X.matmul(w)).mul(2).sub(X.transpose().matmul(AND).mul(2)));
    close(gradient(d([-0.25, 0.5, 0.5])), [0, 0, 0]);
  });

  it('lecture notes 000, line 298: logistic regression has the gradient Xᵀ(Ŷ − Y) / N', () => {
    const w = d([0.3, -1, 2]);
    const loss = (w: Tensor): Tensor => {
      const p = sigmoid(X.matmul(w));
      return AND.mul(p.log())
        .add(AND.neg().add(1).mul(p.neg().add(1).log()))
        .mean()
        .neg();
    };
    close(
      grad(loss)(w),
      X.transpose()
        .matmul(sigmoid(X.matmul(w)).sub(AND))
        .div(4),
    );
  });

  it('lecture notes 000, line 441: the nine gradients of the XOR network, summed over its four examples', () => {
    const inputs = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const targets = [0, 1, 1, 0];
    const p = {
      W1: [
        [0.4, -0.3],
        [0.8, 0.6],
      ],
      c: [0.1, -0.2],
      W2: [0.7, -0.5],
      b: 0.05,
    };
    const J = (p: { W1: Tensor; c: Tensor; W2: Tensor; b: Tensor }): Tensor =>
      relu(d(inputs).matmul(p.W1).add(p.c)).matmul(p.W2).add(p.b).sub(d(targets)).square().mean();
    const gradient = grad(J)({ W1: d(p.W1), c: d(p.c), W2: d(p.W2), b: d(p.b) });
    const by = {
      W1: [
        [0, 0],
        [0, 0],
      ],
      c: [0, 0],
      W2: [0, 0],
      b: 0,
    };
    inputs.forEach((x, i) => {
      const z = [0, 1].map((j) => x[0] * p.W1[0][j] + x[1] * p.W1[1][j] + p.c[j]);
      const a = z.map((v) => Math.max(0, v));
      const delta2 = 0.5 * (a[0] * p.W2[0] + a[1] * p.W2[1] + p.b - targets[i]); // lines 427 and 435
      by.b += delta2;
      for (const j of [0, 1]) {
        const delta1 = z[j] > 0 ? delta2 * p.W2[j] : 0; // lines 429 and 431
        by.W2[j] += delta2 * a[j];
        by.c[j] += delta1;
        for (const k of [0, 1]) by.W1[k][j] += delta1 * x[k];
      }
    });
    close(gradient.W1, by.W1);
    close(gradient.c, by.c);
    close(gradient.W2, by.W2);
    close(gradient.b, by.b);
  });

  it('lecture notes 003, lines 79 and 83: the scalar perceptron has (a − y) σ′ x and (a − y) σ′ = δ', () => {
    const C = (p: { w: Tensor; b: Tensor }): Tensor => sigmoid(p.w.mul(1.5).add(p.b)).sub(0.3).square().mul(0.5);
    const gradient = grad(C)({ w: d(0.5), b: d(0.1) });
    const a = 1 / (1 + Math.exp(-0.85));
    const delta = (a - 0.3) * a * (1 - a);
    close(gradient.w, delta * 1.5);
    close(gradient.b, delta);
  });

  it('lecture notes 003, lines 158–164: one hidden unit; lines 162 and 164 lack the factor w₂', () => {
    const C = (p: { w1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor }): Tensor => {
      const a1 = sigmoid(p.w1.mul(1.5).add(p.b1));
      return sigmoid(p.w2.mul(a1).add(p.b2)).sub(0.3).square().mul(0.5);
    };
    const gradient = grad(C)({ w1: d(0.5), b1: d(0.1), w2: d(-0.7), b2: d(0.2) });
    const s = (z: number): number => 1 / (1 + Math.exp(-z));
    const a1 = s(0.85);
    const a2 = s(-0.7 * a1 + 0.2);
    const delta2 = (a2 - 0.3) * a2 * (1 - a2);
    const delta1 = delta2 * -0.7 * a1 * (1 - a1);
    close(gradient.w2, delta2 * a1);
    close(gradient.b2, delta2);
    close(gradient.w1, delta1 * 1.5);
    close(gradient.b1, delta1);
    close(d([a1, a2]), [0.7005671424739729, 0.4279066777402643]);
    close(gradient.w2, 0.02193607516714088);
    close(gradient.b2, 0.031311881241926555);
    close(gradient.w1, -0.006896800753712852);
    close(gradient.b1, -0.004597867169141901);
  });

  // Line 300 of the former prints a⁽¹⁾ for the input.
  it('lecture notes 003, lines 268–328, lecture notes 002, line 584: the nine derivatives of a 2-2-1 network by δ', () => {
    const p = {
      W1: [
        [0.2, -0.4],
        [0.7, 0.1],
      ],
      b1: [0.3, -0.6],
      w2: [1.1, -0.8],
      b2: 0.25,
    };
    const [x, y] = [[0.9, -1.3], 0.4];
    const C = (p: { W1: Tensor; b1: Tensor; w2: Tensor; b2: Tensor }): Tensor => {
      const a1 = sigmoid(p.W1.matmul(d(x)).add(p.b1));
      return sigmoid(p.w2.matmul(a1).add(p.b2)).sub(y).square().mul(0.5);
    };
    const gradient = grad(C)({ W1: d(p.W1), b1: d(p.b1), w2: d(p.w2), b2: d(p.b2) });
    const s = (z: number): number => 1 / (1 + Math.exp(-z));
    const a1 = [0, 1].map((i) => s(p.W1[i][0] * x[0] + p.W1[i][1] * x[1] + p.b1[i]));
    const a2 = s(p.w2[0] * a1[0] + p.w2[1] * a1[1] + p.b2);
    const delta2 = (a2 - y) * a2 * (1 - a2);
    const delta1 = a1.map((a, i) => p.w2[i] * a * (1 - a) * delta2);
    close(
      gradient.w2,
      a1.map((a) => delta2 * a),
    );
    close(gradient.b2, delta2);
    close(
      gradient.W1,
      delta1.map((delta) => x.map((value) => delta * value)),
    );
    close(gradient.b1, delta1);
  });

  it('lecture notes 000, line 451: the first step from the initial weights of the notebook of line 423', () => {
    const p = {
      W1: d([
        [-0.09090076, 0.05514541],
        [0.2292208, 0.00415394],
        [-0.11179254, 0.05390583],
      ]),
      W2: d([-0.05961597, -0.00191305, 0.11750012]),
    };
    const output = ({ W1, W2 }: typeof p): Tensor =>
      concat([ones([4, 1], { dtype: 'float64' }), relu(X.matmul(W1))], 1).matmul(W2);
    const [loss, gradient] = valueAndGrad((p: { W1: Tensor; W2: Tensor }) => mseLoss(output(p as never), XOR))(p);
    close(output(p), [-0.05313638, -0.04680244, -0.0529129, -0.0463651], 1e-8);
    close(loss, 0.5523485297, 1e-8);
    close(
      gradient.W1,
      [
        [0.00105149, -0.12920412],
        [0.00105149, -0.06458265],
        [0.00004435, -0.06422366],
      ],
      1e-8,
    );
    close(gradient.W2, [-1.09960841, -0.07343445, -0.09238557], 1e-8);
  });
});

describe('convolution and pooling', () => {
  const row = (x: Tensor): Tensor => x.reshape([1, 1, 1, x.size]);
  const correlate = (x: Tensor, w: Tensor): Tensor => conv2d(row(x), row(w)).flatten();

  it('lecture notes 001, lines 1440 and 1442: ∂L/∂w and ∂L/∂x of x = 1 … 5, w = (1, 0, −1) and ∂L/∂o = (1, 2, 3)', () => {
    const [o, pullback] = vjp(correlate, d([1, 2, 3, 4, 5]), d([1, 0, -1]));
    expect(o.toArray()).toEqual([-2, -2, -2]);
    const [dx, dw] = pullback(d([1, 2, 3]));
    expect(dw.toArray()).toEqual([14, 20, 26]);
    expect(dx.toArray()).toEqual([1, 2, 2, -2, -3]);
    // Line 1410: a convolution of ∂L/∂o with the kernel, flipped and not transposed.
    const back = conv1d(d([[[1, 2, 3]]]), d([[[1, 0, -1]]]), undefined, { padding: 'full', flip: true });
    expect(back.flatten().toArray()).toEqual(dx.toArray());
  });

  it('lecture notes 001, line 1430: ∂L/∂b is the sum over positions of ∂L/∂o φ′(y + b)', () => {
    const [y, g, b] = [correlate(d([1, 2, 3, 4, 5]), d([0.1, 0, -0.2])), d([1, 2, 3]), d([0.3])];
    const [, pullback] = vjp((b: Tensor) => tanh(y.add(b)), b);
    const slope = tanh(y.add(b)).square().neg().add(1);
    close(pullback(g)[0], g.mul(slope).sum([0], { keepDims: true }));
    // Line 1432: ∂L/∂y, elementwise.
    close(vjp((y: Tensor) => tanh(y.add(b)), y)[1](g)[0], g.mul(slope));
  });

  it('lecture notes 001, line 1446: o = (x₀k₀, x₁k₀ + x₀k₁, x₂k₀ + x₁k₁), the zero on the left, and its gradients', () => {
    // k = (w₁, w₀): a convolution with k is a correlation with w.
    const same = (x: Tensor, k: Tensor): Tensor => correlate(pad(x, [[1, 0]]), k.slice([null, null, -1]));
    const [o, pullback] = vjp(same, d([1, 2, 3]), d([1, 2]));
    expect(o.toArray()).toEqual([1, 4, 7]);
    const [dx, dk] = pullback(d([1, 10, 100]));
    expect(dx.toArray()).toEqual([21, 210, 100]);
    expect(dk.toArray()).toEqual([321, 210]);
  });

  it('lecture notes 001, line 1566: max pooling passes the gradient to the maximum; line 1572: the average 1/m to each', () => {
    const x = d([[[[1, 7, 2, 3]]]]);
    close(grad((x: Tensor) => maxPool2d(x, { kernelSize: [1, 4] }).sum())(x), [[[[0, 1, 0, 0]]]]);
    close(grad((x: Tensor) => avgPool2d(x, { kernelSize: [1, 4] }).sum())(x), [[[[0.25, 0.25, 0.25, 0.25]]]]);
  });
});
