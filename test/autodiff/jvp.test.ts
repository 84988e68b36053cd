import { grad, gradcheck, hvp, jvp, linear, linearize, nn, noGrad, softmax, type Tensor, tensor, vjp } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose } from '../harness.js';

const d = (values: number | number[]): Tensor => tensor(values, { dtype: 'float64' });

describe.each(engines)('jvp on $name', ({ use }) => {
  it('gives the value and the derivative along the tangent', () => {
    use();
    const [y, dy] = jvp((x: Tensor) => x.sin(), [d([0.5, 2])], [d([1, -3])]);
    expectClose(y, { shape: [2], data: [Math.sin(0.5), Math.sin(2)] });
    expectClose(dy, { shape: [2], data: [Math.cos(0.5), -3 * Math.cos(2)] });
  });

  it('adds up over several inputs', () => {
    use();
    // d(x y²) = y² dx + 2xy dy
    const [y, dy] = jvp((x: Tensor, y: Tensor) => x.mul(y.square()), [d(3), d(2)], [d(10), d(1)]);
    expect([y.item(), dy.item()]).toEqual([12, 52]);
  });

  it('takes and gives trees', () => {
    use();
    const f = ({ w, b }: { w: Tensor; b: Tensor[] }) => [{ product: w.mul(b[0]) }, b[0].add(b[1])] as const;
    const at = { w: d([1, 2]), b: [d([3, 4]), d([5, 6])] };
    const [, dy] = jvp(f, [at], [{ w: d([1, 0]), b: [d([0, 1]), d([1, 1])] }]);
    expect([dy[0].product.toArray(), dy[1].toArray()]).toEqual([
      [3, 2],
      [1, 2],
    ]);
  });

  it('is 0 where nothing that varies has an influence', () => {
    use();
    const c = d([7, 8]).requireGrad();
    const [y, dy] = jvp((x: Tensor) => ({ x: x.mul(2), c, constant: x.detach().mul(5) }), [d([1, 2])], [d([1, 1])]);
    expect([y.constant.toArray(), dy.x.toArray()]).toEqual([
      [5, 10],
      [2, 2],
    ]);
    expect([dy.c.toArray(), dy.constant.toArray()]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const [, unused] = jvp((x: Tensor, _: Tensor) => x.mul(2), [d(1), d(1)], [d(0), d(1)]);
    expect(unused.item()).toBe(0);
  });

  it('leaves integers alone', () => {
    use();
    const i = tensor([1, 1, 0], { dtype: 'int32' });
    const [y, dy] = jvp((x: Tensor, i: Tensor) => [x.indexSelect(0, i), i], [d([5, 6]), i], [d([1, 10]), i]);
    expect([y[0].toArray(), dy[0].toArray()]).toEqual([
      [6, 6, 5],
      [10, 10, 1],
    ]);
    expect([dy[1].dtype, dy[1].toArray()]).toEqual(['int32', [0, 0, 0]]);
  });

  it('passes the tangent of an input that is returned as it is', () => {
    use();
    const [, dy] = jvp((x: Tensor) => [x, x], [d(1)], [d(4)]);
    expect(dy.map((part) => part.item())).toEqual([4, 4]);
  });

  it('of a gradient is a Hessian–vector product', () => {
    use();
    const f = (x: Tensor): Tensor => softmax(x).mul(x.square()).sum();
    const [x, v] = [d([0.3, -1, 2]), d([1, 2, -0.5])];
    const [g, Hv] = jvp(grad(f), [x], [v]);
    expectClose(g, { shape: [3], data: [...grad(f)(x).data()] });
    expectClose(Hv, { shape: [3], data: [...hvp(f)(x, v).data()] }, { slack: 10 });
  });

  it('is differentiated in turn, with respect to the primal, the tangent and what f takes from outside', () => {
    use();
    const w = d([2, 3]);
    // w · 3x² · t
    const along = (x: Tensor, t: Tensor, w: Tensor): Tensor => jvp((v: Tensor) => v.pow(3).mul(w), [x], [t])[1];
    const [x, t] = [d([1, 2]), d([5, 7])];
    expect(grad((x: Tensor) => along(x, t, w).sum())(x).toArray()).toEqual([60, 252]);
    expect(grad((t: Tensor) => along(x, t, w).sum())(t).toArray()).toEqual([6, 36]);
    expect(grad((w: Tensor) => along(x, t, w).sum())(w).toArray()).toEqual([15, 84]);
    gradcheck(along, [x, t, w], { order: 2, forward: true });
  });

  it('of jvp of jvp is the third directional derivative', () => {
    use();
    const along =
      (f: (x: Tensor) => Tensor) =>
      (x: Tensor): Tensor =>
        jvp(f, [x], [d(1)])[1];
    const sine = (x: Tensor): Tensor => x.sin();
    expectClose(along(along(along(sine)))(d(0.4)), { shape: [], data: [-Math.cos(0.4)] });
  });

  it('agrees with vjp: u · (J t) = (Jᵀ u) · t, through a network', () => {
    use();
    const net = new nn.Sequential(
      new nn.Linear(3, 5, { dtype: 'float64' }),
      new nn.Tanh(),
      new nn.Linear(5, 2, { dtype: 'float64' }),
    );
    const f = (x: Tensor): Tensor => net.forward(x);
    const [x, t, u] = [d([0.1, 0.2, 0.3]), d([1, -1, 2]), d([3, -2])].map((v) => v.reshape([1, v.size]));
    const Jt = jvp(f, [x], [t])[1];
    const [JTu] = vjp(f, x)[1](u);
    expectClose(Jt.mul(u).sum().detach(), { shape: [], data: [Number(JTu.mul(t).sum().item())] });
  });

  it('gives results without history where nobody is waiting, and works within noGrad', () => {
    use();
    const f = (x: Tensor): Tensor => x.square();
    expect(jvp(f, [d(3).requireGrad()], [d(1)]).map((y) => y.node)).toEqual([null, null]);
    expect(noGrad(() => jvp(f, [d(3)], [d(1)])[1].item())).toBe(6);
  });

  it('is finite where the derivative at another seed is infinite', () => {
    use();
    const [, dy] = jvp((x: Tensor) => x.sqrt(), [d([0, 4])], [d([1, 1])]);
    expect(dy.toArray()).toEqual([Number.POSITIVE_INFINITY, 0.25]);
  });
});

describe('linearize', () => {
  it('runs f once for many tangents', () => {
    let runs = 0;
    const f = (x: Tensor, w: Tensor): Tensor => {
      runs++;
      return linear(x, w).tanh();
    };
    const [x, w] = [d([1, 2]).reshape([1, 2]), d([0.5, -0.25]).reshape([1, 2])];
    const [y, along] = linearize(f, x, w);
    const zero = d([0, 0]).reshape([1, 2]);
    for (const t of [d([1, 0]), d([0, 1]), d([3, 4])].map((v) => v.reshape([1, 2]))) {
      expectClose(along(t, zero), {
        shape: [1, 1],
        data: [...jvp((x: Tensor) => linear(x, w).tanh(), [x], [t])[1].data()],
      });
    }
    expect([runs, y.toArray()]).toEqual([1, [[0]]]);
  });
});

it('jvp: states what does not fit', () => {
  const f = (x: Tensor, y: Tensor): Tensor => x.add(y);
  expect(() => jvp(f, [d([1, 2]), d([1, 2])], [d([1, 2]), d([1, 2, 3])])).toThrow(
    'jvp: the tangents must have the shapes of the primals, [2] at 1; got [3]',
  );
  expect(() => jvp(f, [d(1), d(1)], [d(1)] as never)).toThrow(
    'jvp: the tangents must have the form of the primals; there is none at 1',
  );
});
