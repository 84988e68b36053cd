import { capture, Generator, gradcheck, noGrad, type Tensor, tensor } from 'adjoint';
import { type Distribution, klDivergence, monteCarloKl, Reparameterised } from 'adjoint/distributions';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../harness.js';
import { chiSquared, integral, kolmogorovSmirnov } from '../statistics.js';

/*
 * One description a kind of distribution. From it follow, on the reference engine and on every instruction set: shapes and
 * dtypes; a density that normalises and has the moments it states; a distribution function that it is the derivative of; draws
 * whose moments and distribution are its own; entropy and divergence as expectations; derivatives against finite differences;
 * captured and eager bit-equal; each stated error's full text. PyTorch's numbers: ../golden/distributions.test.ts.
 */

/** Values of parameters by name: a number, or nested arrays. */
type Values = Readonly<Record<string, any>>;

export interface DistributionSpec<P extends Distribution, V extends Values> {
  /** A distribution of parameters that are tensors. */
  make: (parameters: { readonly [K in keyof V]: Tensor }) => P;
  /** Parameters of a batch of two, without a batch, and of another of its kind. */
  batch: V;
  one: V;
  other: V;
  /** Values of the one's support at which densities and their derivatives are taken: [n, ...event]. */
  values: any;
  /** Where single numbers lie, but for less than 1e-9 of them; or how many whole numbers do, from 0. */
  range?: readonly [low: number, high: number];
  counts?: number;
  /** Draws are differentiable, but not as draws repeat with their numbers: rejections come and go. */
  implicit?: boolean;
  errors?: { call: () => unknown; says: string }[];
}

const n = 20_000;
/** Standard errors that an estimate may be off: more once in 30,000. */
const errorsAllowed = 4.2;

/** The methods that not all kinds have. */
interface Closed {
  cdf?(value: Tensor): Tensor;
  icdf?(share: Tensor): Tensor;
  entropy?(): Tensor;
  divergence?(q: Distribution): Tensor;
}

const closed = (p: Distribution): Closed => p as Closed;

export function distributionSpec<P extends Distribution, const V extends Values>(
  name: string,
  definition: DistributionSpec<P, V>,
): void {
  const { make, batch, one, other, values, range, counts, implicit = false, errors = [] } = definition;
  type Tensors = { [K in keyof V]: Tensor };
  const tensors = (given: Values, dtype: 'float32' | 'float64' = 'float64'): Tensors =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [key, tensor(value, { dtype })])) as Tensors;
  const of = (given: Values, dtype?: 'float32' | 'float64'): P => make(tensors(given, dtype));
  const divergence = (p: P, q: P): Tensor => klDivergence(p as any, q as any);

  /** Values of single numbers evenly over the range, or whole ones; and what a function of them sums or integrates to. */
  const grid = counts
    ? Float64Array.from({ length: counts }, (_, i) => i)
    : range && Float64Array.from({ length: 8001 }, (_, i) => range[0] + (i * (range[1] - range[0])) / 8000);
  const total = (f: ArrayLike<number>): number =>
    range ? integral(f, ...range) : Array.from(f).reduce((a, b) => a + b, 0);

  describe.each(engines)(`${name} on $name`, ({ use }) => {
    it('has the shapes of its parameters and draws', () => {
      use();
      for (const dtype of ['float32', 'float64'] as const) {
        const p = of(batch, dtype);
        expect(p.batchShape).toEqual([2]);
        for (const moment of [p.mean, p.variance, p.stddev]) {
          expect([moment.shape, moment.dtype]).toEqual([[2, ...p.eventShape], dtype]);
        }
        const x = p.sample([3, 5], { generator: new Generator(1) });
        expect(x.shape).toEqual([3, 5, 2, ...p.eventShape]);
        const density = p.logProb(x);
        expect([density.shape, density.dtype]).toEqual([[3, 5, 2], dtype]);
        expect(p.sample().shape).toEqual([2, ...p.eventShape]);
        expect(p.sample([0]).shape).toEqual([0, 2, ...p.eventShape]);
        expect(of(one, dtype).sample().shape).toEqual(p.eventShape);
      }
      expect(() => of(batch).sample([-1])).toThrow(
        `${name}.sample: a dimension must be a whole number ≥ 0; got -1 in [-1]`,
      );
    });

    it('draws without a gradient, and with one where it is reparameterised', () => {
      use();
      const leaves = tensors(one);
      for (const leaf of Object.values(leaves)) leaf.requireGrad();
      const p = make(leaves);
      const draw = (by: (generator: Generator) => Tensor): Tensor => by(new Generator(4));
      const x = draw((generator) => p.sample([7], { generator }));
      expect(x.node).toBeNull();
      if (!(p instanceof Reparameterised)) return;
      const y = draw((generator) => p.rsample([7], { generator }));
      expect(y.data()).toEqual(x.data());
      expect(y.node).not.toBeNull();
    });

    if (grid !== undefined)
      it('has a density that normalises, and the moments, entropy and divergence that follow from it', () => {
        use();
        const [p, q] = [of(one), of(other)];
        const x = tensor(grid);
        const [log, others] = [p.logProb(x), q.logProb(x)].map((y) => y.data());
        const expectation = (f: (i: number) => number): number =>
          total(Array.from(grid, (_, i) => (log[i] === -Infinity ? 0 : Math.exp(log[i]) * f(i))));
        const close = (what: string, actual: Tensor, expected: number): void =>
          expect(Math.abs(actual.item() - expected), what).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)));
        const mean = expectation((i) => grid[i]);
        expect(Math.abs(expectation(() => 1) - 1)).toBeLessThan(2e-6);
        close('mean', p.mean, mean);
        close(
          'variance',
          p.variance,
          expectation((i) => (grid[i] - mean) ** 2),
        );
        if (closed(p).entropy) close('entropy', closed(p).entropy!(), -expectation((i) => log[i]));
        if (closed(p).divergence)
          close(
            'divergence',
            divergence(p, q),
            expectation((i) => log[i] - others[i]),
          );
      });

    it('has draws of its mean, variance and density', () => {
      use();
      for (const dtype of ['float32', 'float64'] as const) {
        const p = of(one, dtype);
        const x = p.sample([n], { generator: new Generator(11) }).to('float64');
        const near = (what: string, estimates: Tensor, expected: Tensor): void => {
          const center = estimates.mean(0);
          const error = estimates.std(0).div(Math.sqrt(n));
          const off = center.sub(expected.to('float64')).abs().sub(error.mul(errorsAllowed)).max().item();
          expect(off, `${what} in ${dtype}`).toBeLessThan(1e-5);
        };
        near('mean', x, p.mean);
        near('variance', x.sub(p.mean.to('float64')).square(), p.variance);
        if (closed(p).entropy) near('entropy', p.logProb(x).to('float64').neg(), closed(p).entropy!());
        if (grid === undefined) continue;
        const density = of(one).logProb(tensor(grid)).exp().data();
        if (counts) {
          expect(chiSquared(x.data(), Array.from(density)), dtype).toBeLessThan(4);
          continue;
        }
        // The distribution function by the trapezium rule, and between its points straight lines.
        const [low, high] = range!;
        const step = (high - low) / (grid.length - 1);
        const below = new Float64Array(grid.length);
        for (let i = 1; i < grid.length; i++) below[i] = below[i - 1] + (step * (density[i - 1] + density[i])) / 2;
        const at = (v: number): number => {
          const place = Math.min(Math.max((v - low) / step, 0), grid.length - 1.001);
          const i = Math.floor(place);
          return below[i] + (place - i) * (below[i + 1] - below[i]);
        };
        expect(kolmogorovSmirnov(x.data(), at), dtype).toBeLessThan(1.95);
      }
    });

    it('has a divergence that is never negative, 0 from itself, and the mean that draws estimate', () => {
      use();
      const [p, q] = [of(one), of(other)];
      if (closed(p).divergence === undefined) return;
      const exact = divergence(p, q).item();
      expect(exact).toBeGreaterThan(0);
      expect(Math.abs(divergence(p, p).item())).toBeLessThan(1e-12);
      expect(divergence(of(batch), p).shape).toEqual([2]);
      const x = p.sample([n], { generator: new Generator(5) });
      const error = p.logProb(x).sub(q.logProb(x)).std(0).item() / Math.sqrt(n);
      const estimate = monteCarloKl(p, q, { samples: n, generator: new Generator(5) }).item();
      expect(Math.abs(estimate - exact)).toBeLessThan(errorsAllowed * error + 1e-12);
    });

    // Lecture notes 001, lines 2229–2251.
    it('has a distribution function whose derivative is the density, and its inverse', () => {
      use();
      const p = of(one);
      if (closed(p).cdf === undefined) return;
      const x = tensor(values, { dtype: 'float64' });
      const h = 1e-5;
      const slope = closed(p).cdf!(x.add(h))
        .sub(closed(p).cdf!(x.sub(h)))
        .div(2 * h);
      expect(slope.allClose(p.logProb(x).exp(), { rtol: 1e-5, atol: 1e-8 })).toBe(true);
      if (closed(p).icdf === undefined) return;
      expect(closed(p).icdf!(closed(p).cdf!(x)).allClose(x, { rtol: 1e-9, atol: 1e-9 })).toBe(true);
    });

    it('has the derivatives of finite differences', () => {
      use();
      const names = Object.keys(one) as (keyof V)[];
      const at = Object.values(tensors(one));
      const from = (inputs: Tensor[]): P =>
        make(Object.fromEntries(names.map((key, i) => [key, inputs[i]])) as { [K in keyof V]: Tensor });
      const x = tensor(values, { dtype: 'float64' });
      const continuous = counts === undefined;
      gradcheck((...inputs) => from(inputs).logProb(x), at, { order: 2 });
      if (continuous) gradcheck((x) => from(at).logProb(x), [x], { order: 2 });
      const p = of(one);
      if (closed(p).entropy) gradcheck((...inputs) => closed(from(inputs)).entropy!(), at, { order: 2 });
      if (closed(p).cdf) gradcheck((...inputs) => closed(from(inputs)).cdf!(x), at, { order: 2 });
      if (closed(p).divergence) {
        const q = Object.values(tensors(other));
        const f = (...inputs: Tensor[]): Tensor =>
          divergence(from(inputs.slice(0, at.length)), from(inputs.slice(at.length)));
        gradcheck(f, [...at, ...q], { order: 2 });
      }
      if (!(p instanceof Reparameterised) || implicit) return;
      gradcheck(
        (...inputs) => (from(inputs) as unknown as Reparameterised).rsample([4], { generator: new Generator(2) }),
        at,
        { order: 2 },
      );
    });

    it('gives the same bits captured', () => {
      use();
      const step = (...inputs: Tensor[]): Tensor[] => {
        const names = Object.keys(batch) as (keyof V)[];
        const p = make(Object.fromEntries(names.map((key, i) => [key, inputs[i]])) as { [K in keyof V]: Tensor });
        const x = p.sample([6], { generator: new Generator(3) });
        return [x, p.logProb(x), p.mean, p.variance];
      };
      const inputs = Object.values(tensors(batch, 'float32'));
      const eager = noGrad(() => step(...inputs)).map((y) => y.data());
      const captured = capture(step);
      captured(...inputs);
      expect(captured(...inputs).map((y) => y.data())).toEqual(eager);
    });
  });

  statesErrors(name, errors);
}
