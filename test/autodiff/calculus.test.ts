import {
  avgPool2d,
  conv2d,
  crossEntropy,
  eye,
  grad,
  gt,
  hessian,
  hvp,
  jacobian,
  jvp,
  leakyRelu,
  linear,
  maxPool2d,
  type NestedArray,
  pad,
  pow,
  relu,
  sigmoid,
  softmax,
  softplus,
  stack,
  Tensor,
  tanh,
  tensor,
  valueAndGrad,
  vjp,
  where,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../lib/tensor/tape.js';

/*
 * What five sets of lecture notes state on derivatives, each test named by document and line; where a printed formula is wrong,
 * the name says so and the test holds what is right. A: Lieu, Moss, Rose, "Machine learning in science, part II". B: Menkovski,
 * Koop, Minartz, "Deep learning". C: Hutchinson, "Applied deep learning". D: Hjorth-Jensen, "Advanced machine learning and data
 * analysis for the physical sciences". E: Nanni, "Deep learning". All in float64.
 */

const d = (values: NestedArray): Tensor => tensor(values, { dtype: 'float64' });

function close(actual: Tensor, expected: Tensor | NestedArray, tolerance = 1e-12): void {
  const wanted = expected instanceof Tensor ? expected : d(expected);
  expect(actual.shape).toEqual(wanted.shape);
  const values = wanted.data();
  actual.data().forEach((value: number, i: number) => {
    expect(Math.abs(value - values[i]), `element ${i}: ${value} and ${values[i]}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(values[i])),
    );
  });
}

type Scalar = (x: Tensor) => Tensor;
/** f′(x) of a function of one number. */
const at = (f: Scalar, x: number): Tensor => grad(f)(d(x));
const diagonal = (x: Tensor): Tensor => eye(x.size, x.size, { dtype: 'float64' }).mul(x);
const [first, second] = [(x: Tensor): Tensor => x.slice(0), (x: Tensor): Tensor => x.slice(1)];

describe('derivatives of one variable', () => {
  const [f, df] = [(x: Tensor) => x.sin().add(2), Math.cos];
  const [g, dg] = [(x: Tensor) => x.square().add(1), (x: number) => 2 * x];
  const [fv, gv] = [(x: number) => Math.sin(x) + 2, (x: number) => x * x + 1];

  it.each([-1.3, 0.7])('E, line 2655: multiples, sums, products, quotients, powers and chains, at %f', (x) => {
    close(
      at((v) => f(v).mul(5), x),
      5 * df(x),
    );
    close(
      at((v) => f(v).add(g(v)), x),
      df(x) + dg(x),
    );
    close(
      at((v) => f(v).sub(g(v)), x),
      df(x) - dg(x),
    );
    close(
      at((v) => f(v).mul(g(v)), x),
      df(x) * gv(x) + fv(x) * dg(x),
    );
    close(
      at((v) => f(v).div(g(v)), x),
      (df(x) * gv(x) - fv(x) * dg(x)) / gv(x) ** 2,
    );
    close(
      at((v) => v.pow(7), x),
      7 * x ** 6,
    );
    close(
      at((v) => f(g(v)), x),
      df(gv(x)) * dg(x),
    );
  });

  const sec = (x: number): number => 1 / Math.cos(x);
  const csc = (x: number): number => 1 / Math.sin(x);
  const cot = (x: number): number => 1 / Math.tan(x);
  it.each<[line: number, name: string, Scalar, (x: number) => number]>([
    [2668, 'x', (x) => x, () => 1],
    [2668, 'sin x', (x) => x.sin(), Math.cos],
    [2668, 'cos x', (x) => x.cos(), (x) => -Math.sin(x)],
    [2668, 'tan x', (x) => x.tan(), (x) => sec(x) ** 2],
    [2668, 'sec x', (x) => x.cos().reciprocal(), (x) => sec(x) * Math.tan(x)],
    [2670, 'csc x', (x) => x.sin().reciprocal(), (x) => -csc(x) * cot(x)],
    [2670, 'cot x', (x) => x.tan().reciprocal(), (x) => -(csc(x) ** 2)],
    [2670, 'arcsin x', (x) => x.asin(), (x) => 1 / Math.sqrt(1 - x * x)],
    [2670, 'arccos x', (x) => x.acos(), (x) => -1 / Math.sqrt(1 - x * x)],
    [2670, 'arctan x', (x) => x.atan(), (x) => 1 / (1 + x * x)],
    [2672, '3ˣ', (x) => pow(3, x), (x) => 3 ** x * Math.log(3)],
    [2672, 'eˣ', (x) => x.exp(), Math.exp],
    [2672, 'ln x', (x) => x.log(), (x) => 1 / x],
    [2672, 'ln |x|', (x) => x.neg().abs().log(), (x) => 1 / x],
    [2672, 'log₂ x', (x) => x.log2(), (x) => 1 / (x * Math.LN2)],
  ])('E, line %i: derivative of %s', (_, __, function_, derivative) => {
    for (const x of [0.2, 0.9]) close(at(function_, x), derivative(x));
  });

  it.each<[line: number, name: string, Scalar, (x: number) => number]>([
    [2678, '[g(x)]⁵', (x) => g(x).pow(5), (x) => 5 * gv(x) ** 4 * dg(x)],
    [2679, 'e^g(x)', (x) => g(x).exp(), (x) => dg(x) * Math.exp(gv(x))],
    [2680, 'ln g(x)', (x) => g(x).log(), (x) => dg(x) / gv(x)],
    [2681, 'sin g(x)', (x) => g(x).sin(), (x) => dg(x) * Math.cos(gv(x))],
    [2682, 'cos g(x)', (x) => g(x).cos(), (x) => -dg(x) * Math.sin(gv(x))],
    [2683, 'tan g(x)', (x) => g(x).tan(), (x) => dg(x) * sec(gv(x)) ** 2],
    [2684, 'sec g(x)', (x) => g(x).cos().reciprocal(), (x) => dg(x) * sec(gv(x)) * Math.tan(gv(x))],
    [2685, 'arctan g(x)', (x) => g(x).atan(), (x) => dg(x) / (1 + gv(x) ** 2)],
  ])('E, line %i: chain rule for %s', (_, __, function_, derivative) => {
    for (const x of [-0.4, 0.3]) close(at(function_, x), derivative(x));
  });

  it('E, line 2699: the n-th derivative is the derivative of the one before', () => {
    let [sine, power]: Scalar[] = [(x) => x.sin(), (x) => x.pow(4)];
    const cycle = [Math.cos(0.6), -Math.sin(0.6), -Math.cos(0.6), Math.sin(0.6)];
    const falling = [4 * 0.6 ** 3, 12 * 0.6 ** 2, 24 * 0.6, 24];
    for (let n = 0; n < 4; n++) {
      [sine, power] = [grad(sine), grad(power)];
      close(sine(d(0.6)), cycle[n]);
      close(power(d(0.6)), falling[n]);
    }
  });

  it('E, line 2705: implicit differentiation (line 2703 prints x⁵y³, solved is x³y²)', () => {
    const F = (p: { x: Tensor; y: Tensor }): Tensor =>
      p.x.mul(2).sub(p.y.mul(9)).exp().add(p.x.pow(3).mul(p.y.square())).sub(p.y.sin()).sub(p.x.mul(11));
    /** y with F(x, y) = 0, by Newton's method. */
    const solve = (x: Tensor): Tensor => {
      let y = d(0);
      for (let i = 0; i < 30; i++) {
        const [value, slope] = valueAndGrad(F)({ x, y });
        y = y.sub(value.div(slope.y));
      }
      return y;
    };
    const x = d(0.1);
    const y = solve(x);
    close(F({ x, y }), 0);
    const slope = grad(F)({ x, y });
    const derivative = slope.x.div(slope.y).neg();
    const [a, b] = [0.1, Number(y.item())];
    const e = Math.exp(2 * a - 9 * b);
    close(derivative, (11 - 2 * e - 3 * a * a * b * b) / (2 * a ** 3 * b - 9 * e - Math.cos(b)));
    const step = 1e-5;
    close(
      derivative,
      solve(x.add(step))
        .sub(solve(x.sub(step)))
        .div(2 * step),
      1e-8,
    );
  });

  it('E, line 2711: critical points, lines 2717 and 2723: slope and concavity, line 2728: inflection', () => {
    const cubic: Scalar = (x) => x.pow(3).sub(x.mul(3));
    const signs = (x: number): number[] => [at(cubic, x), at(grad(cubic), x)].map((y) => Math.sign(Number(y.item())));
    expect([-2, -1, -0.5, 0, 0.5, 1, 2].map(signs)).toEqual([
      [1, -1],
      [0, -1],
      [-1, -1],
      [-1, 0],
      [-1, 1],
      [0, 1],
      [1, 1],
    ]);
  });

  it('E, line 2744: f(x + ε) ≈ f(x) + ε f′(x), with an error of order ε²', () => {
    const x = d(0.8);
    const [value, slope] = valueAndGrad((v: Tensor) => v.exp())(x);
    const error = (eps: number): number =>
      Number(
        x
          .add(eps)
          .exp()
          .sub(value.add(slope.mul(eps)))
          .item(),
      );
    for (const eps of [1e-2, 1e-3]) expect(error(eps) / (0.5 * eps * eps * Math.exp(0.8))).toBeCloseTo(1, 2);
  });

  it('E, line 2780: gradient descent on z² from 2 with rate 0.25: 2, 1, 0.5, 0.25', () => {
    const path = [d(2)];
    for (let i = 0; i < 3; i++) path.push(path[i].sub(grad((z: Tensor) => z.square())(path[i]).mul(0.25)));
    expect(path.map((z) => z.item())).toEqual([2, 1, 0.5, 0.25]);
  });

  it('E, line 3827: backward from a vector, started by ones: the sigmoid’s derivative at 160 points, at most 0.25', () => {
    const x = d(Array.from({ length: 160 }, (_, i) => (i - 80) / 10)).requireGrad();
    const y = sigmoid(x);
    y.backward(tensor(new Float64Array(160).fill(1)));
    close(x.grad as Tensor, y.detach().mul(y.detach().mul(-1).add(1)));
    expect(x.grad?.max().item()).toBe(0.25);
    expect(x.grad?.argmax().item()).toBe(80);
  });

  it.each<[line: number, name: string, Scalar, (x: number) => number]>([
    [4463, '99', () => d(99), () => 0],
    [4464, '3x', (x) => x.mul(3), () => 3],
    [4465, 'x³', (x) => x.pow(3), (x) => 3 * x * x],
    [4466, 'x² + 3x', (x) => x.square().add(x.mul(3)), (x) => 2 * x + 3],
    [4467, 'x² − 3x', (x) => x.square().sub(x.mul(3)), (x) => 2 * x - 3],
    [4468, 'x² x', (x) => x.square().mul(x), (x) => 3 * x * x],
    [4469, 'ln x²', (x) => x.square().log(), (x) => 2 / x],
    [4532, 'sin x²', (x) => x.square().sin(), (x) => 2 * x * Math.cos(x * x)],
    [4554, 'x + x²', (x) => x.add(x.square()), (x) => 1 + 2 * x],
    [4623, 'sin(x + x²)', (x) => x.add(x.square()).sin(), (x) => Math.cos(x + x * x) * (1 + 2 * x)],
    [5504, 'x / (1 + |x|)', (x) => x.div(x.abs().add(1)), (x) => 1 / (1 + Math.abs(x)) ** 2],
  ])('E, line %i: derivative of %s', (_, __, function_, derivative) => {
    for (const x of [-1.5, 0.5, 2]) close(at(function_, x), derivative(x));
  });

  it('E, line 4510: d/dt (sin² t + 2 cos t) = 2 sin t (cos t − 1), backward, forward and by the chain rule of line 4504', () => {
    const f = (x: Tensor): Tensor => first(x).square().add(second(x).mul(2));
    const x = (s: Tensor): Tensor => stack([s.sin(), s.cos()]);
    const expected = 2 * Math.sin(1) * (Math.cos(1) - 1);
    expect(expected).toBeCloseTo(-0.773645, 6);
    close(grad((s: Tensor) => f(x(s)))(d(1)), expected);
    close(jvp((s: Tensor) => f(x(s)), [d(1)], [d(1)])[1], expected);
    close(jacobian(f)(x(d(1))).matmul(jacobian(x)(d(1))), expected);
  });
});

/** ∂result/∂input of a node by its own rule, for each of its inputs: numbers. */
const locals = (node: Node): number[] =>
  node.gradients(d(1)).map((g) => (g === null ? 0 : Number((typeof g === 'function' ? g() : g).item())));

/** The product of the local derivatives along each path from a result down to a leaf. */
function paths(from: Tensor | Node, to: Tensor): number[] {
  const node = from instanceof Tensor ? from.node : from;
  if (node === null) return from === to ? [1] : [];
  const local = locals(node);
  return node.inputs.flatMap((edge, i) => (edge === null ? [] : paths(edge.to, to).map((rest) => local[i] * rest)));
}

describe('graphs', () => {
  // E, line 5446: C(y, w, x, b) = y − max(0, w x + b)
  const [y, w, x, b] = [5, 2, 1, 1].map((value) => d(value).requireGrad());
  const w5 = w.mul(x);
  const w6 = w5.add(b);
  const w7 = relu(w6);
  const w8 = y.sub(w7);

  it('E, line 5463: the trace 2, 1, 1, 5, 2, 3, 3, 2 gives C = 2', () => {
    expect([w, x, b, y, w5, w6, w7, w8].map((node) => node.item())).toEqual([2, 1, 1, 5, 2, 3, 3, 2]);
  });

  it('E, line 5486: the local derivatives along the edges', () => {
    expect([w5, w6, w7, w8].map((result) => locals(result.node as Node))).toEqual([[1, 2], [1, 1], [1], [1, -1]]);
  });

  it('E, line 5512: the one path to w gives ∂z/∂w = −1, as does backward; ∂z/∂x = −2, ∂z/∂b = −1, ∂z/∂y = 1', () => {
    expect([w, x, b, y].map((leaf) => paths(w8, leaf))).toEqual([[-1], [-2], [-1], [1]]);
    w8.backward(undefined, { retainGraph: true });
    expect([w, x, b, y].map((leaf) => leaf.grad?.item())).toEqual([-1, -2, -1, 1]);
  });

  it('E, lines 5488 and 4960: the derivative of max(0, z) is 0 for z ≤ 0, at 0 too (A, line 208 and C, line 141 print 1 there)', () => {
    close(grad((z: Tensor) => relu(z).sum())(d([-1, 0, 1])), [0, 0, 1]);
  });

  it('E, line 5504: several paths lead to x in x / (1 + |x|)', () => {
    const leaf = d(2).requireGrad();
    const result = leaf.div(leaf.abs().add(1));
    expect(paths(result, leaf).sort()).toEqual([-2 / 9, 1 / 3]);
    close(
      at((v) => v.div(v.abs().add(1)), 2),
      1 / 9,
    );
  });

  it('E, line 4585: the paths of x + x² contribute 1 and 2x; line 4617: those of sin(x + x²)', () => {
    const leaf = d(0.7).requireGrad();
    expect(paths(leaf.add(leaf.mul(leaf)), leaf)).toEqual([1, 0.7, 0.7]);
    const cosine = Math.cos(0.7 + 0.49);
    const [left, ...right] = paths(leaf.add(leaf.mul(leaf)).sin(), leaf);
    expect(left).toBeCloseTo(cosine, 14);
    expect(right[0] + right[1]).toBeCloseTo(1.4 * cosine, 14);
  });

  it('E, line 5529: the gradient of √(x² + y²) at (2, 2)', () => {
    close(grad((p: Tensor) => p.square().sum().sqrt())(d([2, 2])), [Math.SQRT1_2, Math.SQRT1_2]);
  });

  // C, line 1036: e = f g, d = f + 3, b = d + e, c = e + 2, a = b c
  const graph = (f: Tensor, g: Tensor): { b: Tensor; c: Tensor; a: Tensor } => {
    const e = f.mul(g);
    const [b, c] = [f.add(3).add(e), e.add(2)];
    return { b, c, a: b.mul(c) };
  };

  it('C, line 1064: at f = 4, g = 2, a = 150 and ∂a/∂f = 60', () => {
    const [value, slope] = valueAndGrad((f: Tensor) => graph(f, d(2)).a)(d(4));
    expect([value.item(), slope.item()]).toEqual([150, 60]);
    expect(jvp((f: Tensor) => graph(f, d(2)).a, [d(4)], [d(1)])[1].item()).toBe(60);
  });

  it('C, line 1051: the three paths give c, g c and g b; line 1058: their sum is ∂a/∂f', () => {
    const [f, g] = [d(4).requireGrad(), d(2).requireGrad()];
    const { a, b, c } = graph(f, g);
    expect([b.item(), c.item()]).toEqual([15, 10]);
    expect(paths(a, f).sort()).toEqual([10, 20, 30]);
    expect(paths(a, g).reduce((p, q) => p + q)).toBe(100);
  });

  it.each([
    [4, 2],
    [-1.5, 0.25],
    [0.3, 7],
  ])('C, line 1062: ∂a/∂f = 2 + 5g + 2fg + 2fg² at f = %f, g = %f', (f, g) => {
    close(grad((v: Tensor) => graph(v, d(g)).a)(d(f)), 2 + 5 * g + 2 * f * g + 2 * f * g * g);
  });

  it('C, line 994: the Hessian of that graph, [[12, 45], [45, 32]]; line 723: a saddle’s, of both signs', () => {
    const H = hessian(({ f, g }: { f: Tensor; g: Tensor }) => graph(f, g).a)({ f: d(4), g: d(2) });
    expect([H.f.f, H.f.g, H.g.f, H.g.g].map((block) => block.item())).toEqual([12, 45, 45, 32]);
    expect(12 * 32 - 45 * 45).toBeLessThan(0);
  });

  it('C, line 1020: evaluation and derivatives from inner nodes: a = b c with b and c given', () => {
    const [value, pullback] = vjp((b: Tensor, c: Tensor) => b.mul(c), d(15), d(10));
    expect(value.item()).toBe(150);
    expect(pullback(d(1)).map((g) => g.item())).toEqual([10, 15]);
  });

  it('C, line 1068: one layer at a time, ∂x/∂z = ∂x/∂y · ∂y/∂z with ∂x/∂y known', () => {
    const [e, toInputs] = vjp((f: Tensor, g: Tensor) => f.mul(g), d(4), d(2));
    const [, toInner] = vjp((v: Tensor, f: Tensor) => f.add(3).add(v).mul(v.add(2)), e, d(4));
    const [de, df] = toInner(d(1));
    const [through] = toInputs(de);
    expect(through.add(df).item()).toBe(60);
  });

  // B, line 344: q = w x, o = q + r, r = b, L = (o − y)² at x = 2, y = 2, w = 2, b = 1
  it('B, line 355: o = 5 and L = 9 (line 357 prints a factor ½ that it does not use)', () => {
    expect(d(2).mul(2).add(1).item()).toBe(5);
    expect(d(2).mul(2).add(1).sub(2).square().item()).toBe(9);
  });

  it('B, lines 363 to 373: ∂L/∂L = 1, ∂L/∂o = ∂L/∂q = ∂L/∂r = 6, ∂L/∂w = 12, ∂L/∂b = 6', () => {
    expect(at((L) => L, 9).item()).toBe(1);
    expect(at((o) => o.sub(2).square(), 5).item()).toBe(6);
    const inner = vjp((q: Tensor, r: Tensor) => q.add(r).sub(2).square(), d(4), d(1))[1](d(1));
    expect(inner.map((g) => g.item())).toEqual([6, 6]);
    const slope = grad((p: { w: Tensor; b: Tensor }) => p.w.mul(2).add(p.b).sub(2).square())({ w: d(2), b: d(1) });
    expect([slope.w.item(), slope.b.item()]).toEqual([12, 6]);
  });

  it('B, lines 403 and 407: the step to w = 2 − 0.1 · 12 = 0.8 and b = 1 − 0.1 · 6 = 0.4 lands on the target', () => {
    const L = (p: { w: Tensor; b: Tensor }): Tensor => p.w.mul(2).add(p.b).sub(2).square();
    const slope = grad(L)({ w: d(2), b: d(1) });
    const stepped = { w: d(2).sub(slope.w.mul(0.1)), b: d(1).sub(slope.b.mul(0.1)) };
    close(stepped.w, 0.8);
    close(stepped.b, 0.4);
    close(L(stepped), 0);
  });
});

describe('Jacobians and matrix calculus', () => {
  const f = (x: Tensor): Tensor =>
    stack([first(x).square().mul(second(x)).mul(3), first(x).mul(2).add(second(x).pow(8))]);
  const point = d([1, 2]);

  it('E, lines 4483 and 4657: the gradients [6yx, 3x²] of 3x²y and [2, 8y⁷] of 2x + y⁸', () => {
    close(grad((x: Tensor) => first(f(x)))(point), [12, 3]);
    close(grad((x: Tensor) => second(f(x)))(point), [2, 1024]);
    const slope = grad(({ u, v }: { u: Tensor; v: Tensor }) => u.square().mul(v).mul(3))({ u: d(1), v: d(2) });
    expect([slope.u.item(), slope.v.item()]).toEqual([12, 3]);
  });

  it.each(['reverse', 'forward'] as const)(
    'E, line 4691: the Jacobian in numerator layout, by %s mode; line 4695: its transpose, the denominator layout',
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

  it('E, line 4728: the Jacobian of the identity is I', () => {
    close(jacobian((x: Tensor) => x)(d([3, 1, 4])), eye(3, 3, { dtype: 'float64' }));
  });

  const [w, x] = [d([2, -3, 5]), d([4, 0.5, -2])];
  const one = d([1, 1, 1]);
  it.each<[line: number, name: string, (w: Tensor, x: Tensor) => Tensor, byW: Tensor, byX: Tensor]>([
    [4788, 'w + x (line 4794 prints −I by x)', (w, x) => w.add(x), one, one],
    [4789, 'w − x (line 4795 prints I by x)', (w, x) => w.sub(x), one, one.neg()],
    [4790, 'w ⊗ x', (w, x) => w.mul(x), x, w],
    [4791, 'w ⊘ x', (w, x) => w.div(x), x.reciprocal(), w.div(x.square()).neg()],
  ])('E, line %i: the diagonal Jacobians of %s', (_, __, op, byW, byX) => {
    close(jacobian(op)(w, x), diagonal(byW));
    close(jacobian((v: Tensor) => op(w, v))(x), diagonal(byX));
  });

  it('E, line 4733: w > x is a vector of zeros and ones, without a derivative', () => {
    expect(gt(w, x).to('float64').toArray()).toEqual([0, 0, 1]);
    close(grad((v: Tensor) => gt(v, x).to('float64').sum())(w), [0, 0, 0]);
  });

  it('E, line 4819: sum has ones; lines 4825 and 4831: sum(x z) has sum(x) by z and z by x', () => {
    close(grad((v: Tensor) => v.sum())(x), one);
    close(grad((z: Tensor) => x.mul(z).sum())(d(7)), 2.5);
    close(grad((v: Tensor) => v.mul(7).sum())(x), [7, 7, 7]);
  });

  it('E, line 4857: [ln x², sin 3x] has [2/x, 3 cos 3x]; line 4875: as the product of the Jacobians of its parts', () => {
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

  it('B, line 642 and E, line 4879: the Jacobian of a composition is the product of the Jacobians', () => {
    const x = d([0.3, -0.2]);
    close(jacobian((v: Tensor) => outer(inner(v)))(x), jacobian(outer)(inner(x)).matmul(jacobian(inner)(x)));
  });

  it('B, line 640: the differential of a composition is the composition of the differentials', () => {
    const [x, t] = [d([0.3, -0.2]), d([1.5, -0.7])];
    const [y, dy] = jvp(inner, [x], [t]);
    close(jvp((v: Tensor) => outer(inner(v)), [x], [t])[1], jvp(outer, [y], [dy])[1]);
  });

  it('E, line 4887: elementwise parts have diagonal Jacobians, and so has their composition', () => {
    close(jacobian((v: Tensor) => v.square().exp())(d([0.5, -1])), diagonal(d([Math.exp(0.25), -2 * Math.E])));
  });

  it('B, line 650: a layer’s Jacobian by its parameters is block diagonal, line 656: that by its input is not', () => {
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

  it('B, lines 667 to 675: back-propagation through three layers, one local gradient after the other', () => {
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

  it('A, line 906 and C, line 316: the softmax’s Jacobian, at (1, 2, 3)', () => {
    const S = [0.09003057317038046, 0.24472847105479767, 0.6652409557748219];
    const J = jacobian((x: Tensor) => softmax(x))(d([1, 2, 3]));
    close(
      J,
      S.map((p, i) => S.map((q, j) => (i === j ? p * (1 - q) : -p * q))),
    );
    close(J.slice(0), [0.081925, -0.022033, -0.059892], 1e-6);
  });

  it('C, line 834: the cross-entropy of a softmax has the derivative f − f*', () => {
    const target = tensor([2], { dtype: 'int32' });
    close(grad((s: Tensor) => crossEntropy(s, target))(d([[1, 2, 3]])), [
      [0.09003057317038046, 0.24472847105479767, -0.33475904422517816],
    ]);
  });
});

describe('neurons, layers and losses', () => {
  const [w, x] = [d([0.5, -1, 2]), d([1, 2, 3])];
  const neuron = (p: { w: Tensor; b: Tensor }): Tensor => relu(p.w.matmul(x).add(p.b));

  it.each([
    [1, 'xᵀ and 1 above 0', [1, 2, 3], 1],
    [-4.5, '0 at 0', [0, 0, 0], 0],
    [-9, '0 below', [0, 0, 0], 0],
  ])('E, lines 4972 and 4978: a ReLU neuron’s gradient with bias %f is %s', (b, _, dw, db) => {
    const gradient = grad(neuron)({ w, b: d(b) });
    close(gradient.w, dw);
    close(gradient.b, db);
  });

  it('E, lines 4937 to 4944: w · x + b has xᵀ by w and 1 by b', () => {
    const gradient = grad((p: { w: Tensor; b: Tensor }) => p.w.matmul(x).add(p.b))({ w, b: d(1) });
    close(gradient.w, x);
    close(gradient.b, 1);
  });

  it('E, lines 5038 and 5089: the mean square error of ReLU neurons has (2/N) Σ e x and (2/N) Σ e over the active ones (lines 5032 and 5080 move the case out of the sum)', () => {
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
    // E, lines 5044 and 5084: against it the loss falls.
    const stepped = { w: d(weights).sub(gradient.w.mul(0.1)), b: d(bias).sub(gradient.b.mul(0.1)) };
    expect(C(stepped).item()).toBeLessThan(Number(C({ w: d(weights), b: d(bias) }).item()));
  });

  it.each<[line: number, name: string, Scalar, (z: number) => number]>([
    [204, 'linear', (z) => z, () => 1],
    [205, 'Heaviside, off its step', (z) => where(z.ge(0), z.mul(0).add(1), z.mul(0)), () => 0],
    [206, 'sigmoid', sigmoid, (z) => Math.exp(-z) / (1 + Math.exp(-z)) ** 2],
    [207, 'hyperbolic tangent', tanh, (z) => 4 / (Math.exp(-z) + Math.exp(z)) ** 2],
    [208, 'ReLU', relu, (z) => (z < 0 ? 0 : 1)],
    [209, 'leaky ReLU', (z) => leakyRelu(z, 0.2), (z) => (z < 0 ? 0.2 : 1)],
    [210, 'ELU', (z) => where(z.lt(0), z.expm1(), z), (z) => (z < 0 ? Math.exp(z) : 1)],
  ])('A, line %i: derivative of the activation %s', (_, __, activation, derivative) => {
    for (const z of [-1.7, -0.2, 0.4, 2.5]) close(at(activation, z), derivative(z));
  });

  it('B, line 779: the derivative of softplus is the logistic sigmoid', () => {
    const z = d([-30, -1, 0, 2, 30]);
    close(grad((v: Tensor) => softplus(v).sum())(z), sigmoid(z));
  });

  const X = d([
    [1, 0, 0],
    [1, 0, 1],
    [1, 1, 0],
    [1, 1, 1],
  ]);
  const AND = d([0, 0, 0, 1]);

  it('A, line 234: ∇J = 2 XᵀX w − 2 XᵀY, which is 0 at line 238’s w = (−¼, ½, ½) for AND', () => {
    const gradient = grad((w: Tensor) => X.matmul(w).sub(AND).square().sum());
    const w = d([0.3, -1, 2]);
    close(gradient(w), X.transpose().matmul(X.matmul(w)).mul(2).sub(X.transpose().matmul(AND).mul(2)));
    close(gradient(d([-0.25, 0.5, 0.5])), [0, 0, 0]);
  });

  it('A, line 298: logistic regression has the gradient Xᵀ(Ŷ − Y) / N', () => {
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

  it('A, line 441: the nine gradients of the XOR network, summed over its four examples', () => {
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

  it('D, lines 79 and 83: the scalar perceptron has (a − y) σ′ x and (a − y) σ′ = δ', () => {
    const C = (p: { w: Tensor; b: Tensor }): Tensor => sigmoid(p.w.mul(1.5).add(p.b)).sub(0.3).square().mul(0.5);
    const gradient = grad(C)({ w: d(0.5), b: d(0.1) });
    const a = 1 / (1 + Math.exp(-0.85));
    const delta = (a - 0.3) * a * (1 - a);
    close(gradient.w, delta * 1.5);
    close(gradient.b, delta);
  });

  it('D, lines 158 to 164: one hidden unit; lines 162 and 164 lack the factor w₂', () => {
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
    expect(Number(gradient.w1.item())).toBeCloseTo(-0.006896800753712852, 15);
  });

  it('D, lines 268 to 328 (the hidden ones with the input, not a⁽¹⁾, as factor) and C, lines 584 and 590: the nine derivatives of a 2-2-1 network by δ', () => {
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
});

describe('convolution and pooling', () => {
  const row = (x: Tensor): Tensor => x.reshape([1, 1, 1, x.size]);
  const correlate = (x: Tensor, w: Tensor): Tensor => conv2d(row(x), row(w)).flatten();

  it('B, lines 1440 and 1442: ∂L/∂w and ∂L/∂x of a 1-D convolution, at x = 1 … 5, w = (1, 0, −1), ∂L/∂o = (1, 2, 3)', () => {
    const [o, pullback] = vjp(correlate, d([1, 2, 3, 4, 5]), d([1, 0, -1]));
    expect(o.toArray()).toEqual([-2, -2, -2]);
    const [dx, dw] = pullback(d([1, 2, 3]));
    expect(dw.toArray()).toEqual([14, 20, 26]);
    expect(dx.toArray()).toEqual([1, 2, 2, -2, -3]);
  });

  it('B, line 1430: ∂L/∂b is the sum over positions of ∂L/∂o φ′(y + b)', () => {
    const [y, g, b] = [correlate(d([1, 2, 3, 4, 5]), d([0.1, 0, -0.2])), d([1, 2, 3]), d([0.3])];
    const [, pullback] = vjp((b: Tensor) => tanh(y.add(b)), b);
    const slope = tanh(y.add(b)).square().neg().add(1);
    close(pullback(g)[0], g.mul(slope).sum([0], { keepDims: true }));
    // Line 1432: ∂L/∂y, elementwise.
    close(vjp((y: Tensor) => tanh(y.add(b)), y)[1](g)[0], g.mul(slope));
  });

  it('B, line 1446: o = (x₀k₀, x₁k₀ + x₀k₁, x₂k₀ + x₁k₁), of "same" size with the zero on the left, and its gradients', () => {
    // k = (w₁, w₀): a convolution with k is a correlation with w.
    const same = (x: Tensor, k: Tensor): Tensor => correlate(pad(x, [[1, 0]]), k.slice([null, null, -1]));
    const [o, pullback] = vjp(same, d([1, 2, 3]), d([1, 2]));
    expect(o.toArray()).toEqual([1, 4, 7]);
    const [dx, dk] = pullback(d([1, 10, 100]));
    expect(dx.toArray()).toEqual([21, 210, 100]);
    expect(dk.toArray()).toEqual([321, 210]);
  });

  it('B, line 1566: maximum pooling passes the gradient to the maximum; line 1572: average pooling a share 1/m to each', () => {
    const x = d([[[[1, 7, 2, 3]]]]);
    close(grad((x: Tensor) => maxPool2d(x, { kernelSize: [1, 4] }).sum())(x), [[[[0, 1, 0, 0]]]]);
    close(grad((x: Tensor) => avgPool2d(x, { kernelSize: [1, 4] }).sum())(x), [[[[0.25, 0.25, 0.25, 0.25]]]]);
  });
});

describe('second order', () => {
  /** A, line 619. */
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
  /** A, line 557: the step along the gradient that is best for the second-order expansion. */
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
    'A, lines 551 and 557: gradient, Hessian and optimal step of the Rosenbrock function at (%j)',
    (p, value, gradient, H, step) => {
      expect(rosenbrock(d(p)).item()).toBe(value);
      close(grad(rosenbrock)(d(p)), gradient);
      close(hessian(rosenbrock)(d(p)), H);
      expect(optimalStep(d(p)) / step).toBeCloseTo(1, 5);
    },
  );

  it('A, line 553: the expansion J(w − α g) = J(w) − α gᵀg + ½ α² gᵀHg has an error of order α³', () => {
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

  it('A, line 621: the minimum (1, 1): gradient 0, both eigenvalues positive, 0.399361 and 1001.600639', () => {
    close(grad(rosenbrock)(d([1, 1])), [0, 0]);
    const [low, high] = eigenvalues(hessian(rosenbrock)(d([1, 1])));
    expect(low).toBeCloseTo(0.399361, 6);
    expect(high).toBeCloseTo(1001.600639, 6);
  });

  it('A, line 561 and C, line 723: at a saddle the gradient is 0 and the eigenvalues have both signs', () => {
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

  /** C, line 717: w − H⁻¹ ∇J, for two variables. */
  const newton = (f: Scalar, w: Tensor): Tensor => {
    const [a, b, c, e] = hessian(f)(w).data();
    const inverse = d([
      [e, -b],
      [-c, a],
    ]).div(a * e - b * c);
    return w.sub(inverse.matmul(grad(f)(w)));
  };

  it('C, line 717: Newton’s method minimises a quadratic function in one step', () => {
    const A = d([
      [3, 1],
      [1, 2],
    ]);
    close(
      newton((w) => w.matmul(A).matmul(w).mul(0.5).sub(first(w)), d([4, -7])),
      [0.4, -0.2],
    );
  });

  it('C, line 715: Newton’s method is attracted to saddle points', () => {
    const saddle = (p: Tensor): Tensor => first(p).square().sub(second(p).square());
    close(newton(saddle, d([1, 1])), [0, 0]);
  });

  it('A, line 621 by C, line 717: Newton’s method reaches the Rosenbrock minimum from (0, 1)', () => {
    let p = d([0, 1]);
    for (let i = 0; i < 12; i++) p = newton(rosenbrock, p);
    close(p, [1, 1]);
  });

  it('B, line 292: the gradient of a function of two variables, and along a direction (E, line 2744) its product with it', () => {
    const [p, v] = [d([0.4, -0.3]), d([2, 1])];
    const slope = grad(rosenbrock)(p);
    close(jvp(rosenbrock, [p], [v])[1], slope.matmul(v));
    const step = 1e-6;
    const numeric = rosenbrock(p.add(v.mul(step)))
      .sub(rosenbrock(p.sub(v.mul(step))))
      .div(2 * step);
    close(slope.matmul(v), numeric, 1e-7);
  });
});
