import { grad, hessian, hvp, jvp, type Tensor, valueAndGrad } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { close, d, first, type Scalar, second } from '../calculus.js';

/* What the lecture notes of ../calculus.ts state on derivatives of second order, by number and line. */

describe('second order', () => {
  /** Lecture notes 000, line 619. */
  const rosenbrock = (p: Tensor): Tensor =>
    first(p)
      .sub(1)
      .square()
      .add(second(p).sub(first(p).square()).square().mul(100));
  /** Eigenvalues of a symmetric 2 × 2 matrix, the smaller one first. */
  const eigenvalues = (H: Tensor): [number, number] => {
    const [a, b, , c] = H.data();
    const spread = Math.sqrt(((a - c) / 2) ** 2 + b * b);
    return [(a + c) / 2 - spread, (a + c) / 2 + spread];
  };
  /** Lecture notes 000, line 557: the step along the gradient that is best for the second-order expansion. */
  const optimalStep = (p: Tensor): number => {
    const g = grad(rosenbrock)(p);
    return Number(
      g
        .matmul(g)
        .div(g.matmul(hvp(rosenbrock)(p, g)))
        .item(),
    );
  };

  it.each<[number[], value: number, gradient: number[], H: number[][], step: number]>([
    [
      [0, 1],
      101,
      [-2, 200],
      [
        [-398, 0],
        [0, 200],
      ],
      0.0050015,
    ],
    [
      [1, 0],
      100,
      [400, -200],
      [
        [1202, -400],
        [-400, 200],
      ],
      0.00075666,
    ],
  ])(
    'lecture notes 000, lines 551 and 557: gradient, Hessian and optimal step of the Rosenbrock function at (%j)',
    (p, value, gradient, H, step) => {
      expect(rosenbrock(d(p)).item()).toBe(value);
      close(grad(rosenbrock)(d(p)), gradient);
      close(hessian(rosenbrock)(d(p)), H);
      expect(optimalStep(d(p)) / step).toBeCloseTo(1, 5);
    },
  );

  it('lecture notes 000, line 553: J(w − α g) = J(w) − α gᵀg + ½ α² gᵀHg but for an error of order α³', () => {
    const p = d([0.4, -0.3]);
    const [value, g] = valueAndGrad(rosenbrock)(p);
    const [gg, gHg] = [g.matmul(g), g.matmul(hvp(rosenbrock)(p, g))];
    const error = (a: number): number =>
      Number(
        rosenbrock(p.sub(g.mul(a)))
          .sub(value.sub(gg.mul(a)).add(gHg.mul(0.5 * a * a)))
          .item(),
      );
    expect(error(1e-5) / error(5e-6)).toBeCloseTo(8, 1);
    // On a quadratic function it is exact, and α* its minimum along g.
    const A = d([
      [3, 1],
      [1, 2],
    ]);
    const quadratic = (w: Tensor): Tensor => w.matmul(A).matmul(w).mul(0.5);
    const w = d([1, -2]);
    const slope = grad(quadratic)(w);
    const best = slope.matmul(slope).div(slope.matmul(hvp(quadratic)(w, slope)));
    close(grad((a: Tensor) => quadratic(w.sub(slope.mul(a))))(best), 0);
  });

  it('lecture notes 000, line 621: the minimum (1, 1): gradient 0, eigenvalues 0.399361 and 1001.600639', () => {
    close(grad(rosenbrock)(d([1, 1])), [0, 0]);
    const [low, high] = eigenvalues(hessian(rosenbrock)(d([1, 1])));
    expect(low).toBeCloseTo(0.399361, 6);
    expect(high).toBeCloseTo(1001.600639, 6);
  });

  it('lecture notes 000, line 561, lecture notes 002, line 723: a saddle has gradient 0 and eigenvalues of both signs', () => {
    const saddle = (p: Tensor): Tensor =>
      first(p)
        .square()
        .sub(second(p).square())
        .add(first(p).mul(second(p)));
    close(grad(saddle)(d([0, 0])), [0, 0]);
    const [low, high] = eigenvalues(hessian(saddle)(d([0, 0])));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(low * high).toBeCloseTo(-5, 12);
  });

  /** Lecture notes 002, line 717: w − H⁻¹ ∇J, for two variables. */
  const newton = (f: Scalar, w: Tensor): Tensor => {
    const [a, b, c, e] = hessian(f)(w).data();
    const inverse = d([
      [e, -b],
      [-c, a],
    ]).div(a * e - b * c);
    return w.sub(inverse.matmul(grad(f)(w)));
  };

  it('lecture notes 002, line 717: Newton’s method minimises a quadratic function in one step', () => {
    const A = d([
      [3, 1],
      [1, 2],
    ]);
    close(
      newton((w) => w.matmul(A).matmul(w).mul(0.5).sub(first(w)), d([4, -7])),
      [0.4, -0.2],
    );
  });

  it('lecture notes 002, line 715: Newton’s method is attracted to saddle points', () => {
    const saddle = (p: Tensor): Tensor => first(p).square().sub(second(p).square());
    close(newton(saddle, d([1, 1])), [0, 0]);
  });

  it('lecture notes 000, line 621, lecture notes 002, line 717: Newton’s method finds the minimum from (0, 1)', () => {
    let p = d([0, 1]);
    for (let i = 0; i < 12; i++) p = newton(rosenbrock, p);
    close(p, [1, 1]);
  });

  it('lecture notes 001, line 292, lecture notes 004, line 2744: the slope along a direction is the gradient times it', () => {
    const [p, v] = [d([0.4, -0.3]), d([2, 1])];
    const slope = grad(rosenbrock)(p);
    close(jvp(rosenbrock, [p], [v])[1], slope.matmul(v));
    const step = 1e-6;
    const numeric = rosenbrock(p.add(v.mul(step)))
      .sub(rosenbrock(p.sub(v.mul(step))))
      .div(2 * step);
    close(slope.matmul(v), numeric, 1e-7);
  });

  it('lecture notes 000, line 630: the start (1, 0) of the caption has eigenvalues 59.906 and 1342.094', () => {
    const [low, high] = eigenvalues(hessian(rosenbrock)(d([1, 0])));
    expect(low).toBeCloseTo(59.906, 3);
    expect(high).toBeCloseTo(1342.094, 3);
  });
});
