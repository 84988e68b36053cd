import { grad, hessian, jacobian, jvp, pow, relu, sigmoid, stack, Tensor, tensor, valueAndGrad, vjp } from 'adjoint';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../lib/tensor/tape.js';
import { at, close, d, first, type Scalar, second } from '../calculus.js';

/* What the lecture notes of ../calculus.ts state on derivatives of one variable and on graphs, by number and line. */

describe('derivatives of one variable', () => {
  const [f, df] = [(x: Tensor) => x.sin().add(2), Math.cos];
  const [g, dg] = [(x: Tensor) => x.square().add(1), (x: number) => 2 * x];
  const [fv, gv] = [(x: number) => Math.sin(x) + 2, (x: number) => x * x + 1];

  it.each([-1.3, 0.7])(
    'lecture notes 004, line 2655: multiples, sums, products, quotients, powers, chains at %f',
    (x) => {
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
    },
  );

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
  ])('lecture notes 004, line %i: derivative of %s', (_, __, function_, derivative) => {
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
  ])('lecture notes 004, line %i: chain rule for %s', (_, __, function_, derivative) => {
    for (const x of [-0.4, 0.3]) close(at(function_, x), derivative(x));
  });

  it('lecture notes 004, line 2699: the n-th derivative is the derivative of the one before', () => {
    let [sine, power]: Scalar[] = [(x) => x.sin(), (x) => x.pow(4)];
    const cycle = [Math.cos(0.6), -Math.sin(0.6), -Math.cos(0.6), Math.sin(0.6)];
    const falling = [4 * 0.6 ** 3, 12 * 0.6 ** 2, 24 * 0.6, 24];
    for (let n = 0; n < 4; n++) {
      [sine, power] = [grad(sine), grad(power)];
      close(sine(d(0.6)), cycle[n]);
      close(power(d(0.6)), falling[n]);
    }
  });

  it('lecture notes 004, line 2705: implicit differentiation (line 2703 prints x⁵y³, solved is x³y²)', () => {
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

  it('lecture notes 004, line 2711: critical points, lines 2717 and 2723: slope, concavity, line 2728: inflection', () => {
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

  it('lecture notes 004, line 2744: f(x + ε) ≈ f(x) + ε f′(x), with an error of order ε²', () => {
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

  it('lecture notes 004, line 2780: gradient descent on z² from 2 with rate 0.25: 2, 1, 0.5, 0.25', () => {
    const path = [d(2)];
    for (let i = 0; i < 3; i++) path.push(path[i].sub(grad((z: Tensor) => z.square())(path[i]).mul(0.25)));
    expect(path.map((z) => z.item())).toEqual([2, 1, 0.5, 0.25]);
  });

  it('lecture notes 004, line 3827: backward from a vector of ones: the sigmoid’s derivative at 160 points, ≤ 0.25', () => {
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
  ])('lecture notes 004, line %i: derivative of %s', (_, __, function_, derivative) => {
    for (const x of [-1.5, 0.5, 2]) close(at(function_, x), derivative(x));
  });

  it('lecture notes 004, line 4510: sin² t + 2 cos t has 2 sin t (cos t − 1), both ways and by line 4504’s chain rule', () => {
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
  // Lecture notes 004, line 5446: C(y, w, x, b) = y − max(0, w x + b)
  const [y, w, x, b] = [5, 2, 1, 1].map((value) => d(value).requireGrad());
  const w5 = w.mul(x);
  const w6 = w5.add(b);
  const w7 = relu(w6);
  const w8 = y.sub(w7);

  it('lecture notes 004, line 5463: the trace 2, 1, 1, 5, 2, 3, 3, 2 gives C = 2', () => {
    expect([w, x, b, y, w5, w6, w7, w8].map((node) => node.item())).toEqual([2, 1, 1, 5, 2, 3, 3, 2]);
  });

  it('lecture notes 004, line 5486: the local derivatives along the edges', () => {
    expect([w5, w6, w7, w8].map((result) => locals(result.node as Node))).toEqual([[1, 2], [1, 1], [1], [1, -1]]);
  });

  it('lecture notes 004, line 5512: ∂z/∂w = −1 by the one path and by backward; ∂z/∂x = −2, ∂z/∂b = −1, ∂z/∂y = 1', () => {
    expect([w, x, b, y].map((leaf) => paths(w8, leaf))).toEqual([[-1], [-2], [-1], [1]]);
    w8.backward(undefined, { retainGraph: true });
    expect([w, x, b, y].map((leaf) => leaf.grad?.item())).toEqual([-1, -2, -1, 1]);
  });

  // Lecture notes 000, line 208 and lecture notes 002, line 141 print 1 at 0.
  it('lecture notes 004, lines 5488 and 4960: the derivative of max(0, z) is 0 for z ≤ 0, at 0 too', () => {
    close(grad((z: Tensor) => relu(z).sum())(d([-1, 0, 1])), [0, 0, 1]);
  });

  it('lecture notes 004, line 5504: several paths lead to x in x / (1 + |x|)', () => {
    const leaf = d(2).requireGrad();
    const result = leaf.div(leaf.abs().add(1));
    expect(paths(result, leaf).sort()).toEqual([-2 / 9, 1 / 3]);
    close(
      at((v) => v.div(v.abs().add(1)), 2),
      1 / 9,
    );
  });

  it('lecture notes 004, line 4585: the paths of x + x² contribute 1 and 2x; line 4617: those of sin(x + x²)', () => {
    const leaf = d(0.7).requireGrad();
    expect(paths(leaf.add(leaf.mul(leaf)), leaf)).toEqual([1, 0.7, 0.7]);
    const cosine = Math.cos(0.7 + 0.49);
    const [left, ...right] = paths(leaf.add(leaf.mul(leaf)).sin(), leaf);
    expect(left).toBeCloseTo(cosine, 14);
    expect(right[0] + right[1]).toBeCloseTo(1.4 * cosine, 14);
  });

  it('lecture notes 004, line 5529: the gradient of √(x² + y²) at (2, 2)', () => {
    close(grad((p: Tensor) => p.square().sum().sqrt())(d([2, 2])), [Math.SQRT1_2, Math.SQRT1_2]);
  });

  // Lecture notes 002, line 1036: e = f g, d = f + 3, b = d + e, c = e + 2, a = b c
  const graph = (f: Tensor, g: Tensor): { b: Tensor; c: Tensor; a: Tensor } => {
    const e = f.mul(g);
    const [b, c] = [f.add(3).add(e), e.add(2)];
    return { b, c, a: b.mul(c) };
  };

  it('lecture notes 002, line 1064: at f = 4, g = 2, a = 150 and ∂a/∂f = 60', () => {
    const [value, slope] = valueAndGrad((f: Tensor) => graph(f, d(2)).a)(d(4));
    expect([value.item(), slope.item()]).toEqual([150, 60]);
    expect(jvp((f: Tensor) => graph(f, d(2)).a, [d(4)], [d(1)])[1].item()).toBe(60);
  });

  it('lecture notes 002, line 1051: the three paths give c, g c and g b; line 1058: their sum is ∂a/∂f', () => {
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
  ])('lecture notes 002, line 1062: ∂a/∂f = 2 + 5g + 2fg + 2fg² at f = %f, g = %f', (f, g) => {
    close(grad((v: Tensor) => graph(v, d(g)).a)(d(f)), 2 + 5 * g + 2 * f * g + 2 * f * g * g);
  });

  it('lecture notes 002, line 994: the graph’s Hessian, [[12, 45], [45, 32]]; line 723: a saddle’s, of both signs', () => {
    const H = hessian(({ f, g }: { f: Tensor; g: Tensor }) => graph(f, g).a)({ f: d(4), g: d(2) });
    expect([H.f.f, H.f.g, H.g.f, H.g.g].map((block) => block.item())).toEqual([12, 45, 45, 32]);
    expect(12 * 32 - 45 * 45).toBeLessThan(0);
  });

  it('lecture notes 002, line 1020: evaluation and derivatives from inner nodes: a = b c with b and c given', () => {
    const [value, pullback] = vjp((b: Tensor, c: Tensor) => b.mul(c), d(15), d(10));
    expect(value.item()).toBe(150);
    expect(pullback(d(1)).map((g) => g.item())).toEqual([10, 15]);
  });

  it('lecture notes 002, line 1068: one layer at a time, ∂x/∂z = ∂x/∂y · ∂y/∂z with ∂x/∂y known', () => {
    const [e, toInputs] = vjp((f: Tensor, g: Tensor) => f.mul(g), d(4), d(2));
    const [, toInner] = vjp((v: Tensor, f: Tensor) => f.add(3).add(v).mul(v.add(2)), e, d(4));
    const [de, df] = toInner(d(1));
    const [through] = toInputs(de);
    expect(through.add(df).item()).toBe(60);
  });

  // Lecture notes 001, line 344: q = w x, o = q + r, r = b, L = (o − y)² at x = 2, y = 2, w = 2, b = 1
  it('lecture notes 001, line 355: o = 5 and L = 9 (line 357 prints a factor ½ that it does not use)', () => {
    expect(d(2).mul(2).add(1).item()).toBe(5);
    expect(d(2).mul(2).add(1).sub(2).square().item()).toBe(9);
  });

  it('lecture notes 001, lines 363–373: ∂L/∂L = 1, ∂L/∂o = ∂L/∂q = ∂L/∂r = 6, ∂L/∂w = 12, ∂L/∂b = 6', () => {
    expect(at((L) => L, 9).item()).toBe(1);
    expect(at((o) => o.sub(2).square(), 5).item()).toBe(6);
    const inner = vjp((q: Tensor, r: Tensor) => q.add(r).sub(2).square(), d(4), d(1))[1](d(1));
    expect(inner.map((g) => g.item())).toEqual([6, 6]);
    const slope = grad((p: { w: Tensor; b: Tensor }) => p.w.mul(2).add(p.b).sub(2).square())({ w: d(2), b: d(1) });
    expect([slope.w.item(), slope.b.item()]).toEqual([12, 6]);
  });

  it('lecture notes 001, lines 403 and 407: w = 2 − 0.1 · 12 = 0.8 and b = 1 − 0.1 · 6 = 0.4 land on the target', () => {
    const L = (p: { w: Tensor; b: Tensor }): Tensor => p.w.mul(2).add(p.b).sub(2).square();
    const slope = grad(L)({ w: d(2), b: d(1) });
    const stepped = { w: d(2).sub(slope.w.mul(0.1)), b: d(1).sub(slope.b.mul(0.1)) };
    close(stepped.w, 0.8);
    close(stepped.b, 0.4);
    close(L(stepped), 0);
    const after = grad(L)(stepped);
    close(after.w, 0);
    close(after.b, 0);
  });
});
