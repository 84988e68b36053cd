/*
 * Second derivatives at work: Newton's method, stationary points told apart by the Hessian's eigenvalues, the best step along
 * the gradient, and the ways of five optimisers into Rosenbrock's valley, drawn over its contours.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { eigh, eigvalsh, grad, hessian, hvp, noGrad, optim, type Tensor, tensor } from 'adjoint';
import { contourChart, lineChart } from 'adjoint/plot';

type Surface = (p: Tensor) => Tensor;
type Point = [x: number, y: number];

const at = (...p: Point): Tensor => tensor(p, { dtype: 'float64' });
const split = (p: Tensor): [Tensor, Tensor] => [p.slice(0), p.slice(1)];
const numbers = (x: Tensor): number[] => [...x.data()];
const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);

/** (1 − x)² + 100 (y − x²)²: a curved valley, steep across and flat along; minimum 0 at (1, 1). */
const rosenbrock: Surface = (p) => {
  const [x, y] = split(p);
  return x.sub(1).square().add(y.sub(x.square()).square().mul(100));
};

// The step that minimises the second-order Taylor expansion along −g:  α* = gᵀg / gᵀHg.
const bestStep = (f: Surface, p: Tensor): number => {
  const g = grad(f)(p);
  return g.square().sum().item() / g.mul(hvp(f)(p, g)).sum().item();
};
near(bestStep(rosenbrock, at(0, 1)), 0.0050015, 5e-8, 'α*(0, 1)');
near(bestStep(rosenbrock, at(1, 0)), 0.00075666, 5e-9, 'α*(1, 0)');
for (const [x, y] of [
  [0, 1],
  [1, 0],
  [1, 1],
] as Point[]) {
  const p = at(x, y);
  const [low, high] = eigvalsh(hessian(rosenbrock)(p)).data();
  const step = x === y ? 'at the minimum' : `α* ${bestStep(rosenbrock, p).toPrecision(5)}`;
  console.log(
    `at (${x}, ${y}): f ${rosenbrock(p).item()}, gradient [${numbers(grad(rosenbrock)(p))}], eigenvalues ${low.toFixed(6)} and ${high.toFixed(6)}, ${step}`,
  );
}
near(eigvalsh(hessian(rosenbrock)(at(1, 1))).data()[0], 0.399361, 1e-6, 'least eigenvalue at (1, 1)');

/** Newton's iteration p ← p − H⁻¹ g until the gradient vanishes; it goes to any stationary point. Null if it goes nowhere. */
function newton(f: Surface, start: Point): Point[] | null {
  const path: Point[] = [start];
  for (let i = 0; i < 50; i++) {
    const p = at(...path[i]);
    const g = grad(f)(p);
    if (g.abs().max().item() < 1e-12) return path;
    const { values, vectors } = eigh(hessian(f)(p));
    if (values.abs().min().item() === 0) return null;
    // H⁻¹ = V diag(1 / λ) Vᵀ
    const step = vectors.matmul(vectors.transpose().matmul(g).div(values));
    path.push(numbers(p.sub(step)) as Point);
  }
  return null;
}

type Kind = 'minimum' | 'maximum' | 'saddle' | 'undecided';

/** What kind of stationary point this is. An eigenvalue of 0 leaves it to higher derivatives. */
function classify(f: Surface, p: Tensor): Kind {
  const values = numbers(eigvalsh(hessian(f)(p)));
  if (values[0] < 0 && values[1] > 0) return 'saddle';
  if (values.includes(0)) return 'undecided';
  return values[0] > 0 ? 'minimum' : 'maximum';
}

const origin: [name: string, f: Surface, kind: Kind][] = [
  ['x² + y²', (p) => p.square().sum(), 'minimum'],
  ['−x² − 2y²', (p) => p.square().mul(at(-1, -2)).sum(), 'maximum'],
  ['x² − y²', (p) => p.square().mul(at(1, -1)).sum(), 'saddle'],
  ['xy', (p) => p.prod(), 'saddle'],
  [
    'x³ − 3xy²',
    (p) => {
      const [x, y] = split(p);
      return x.pow(3).sub(x.mul(y.square()).mul(3));
    },
    'undecided',
  ],
  ['x⁴ + y⁴', (p) => p.pow(4).sum(), 'undecided'],
];
for (const [name, f, kind] of origin) {
  assert.equal(classify(f, at(0, 0)), kind, name);
  console.log(`${name} at (0, 0): ${kind}`);
}

/** (x² + y − 11)² + (x + y² − 7)²: nine stationary points. Source: Himmelblau 1972, "Applied Nonlinear Programming". */
const himmelblau: Surface = (p) => {
  const [x, y] = split(p);
  return x.square().add(y).sub(11).square().add(x.add(y.square()).sub(7).square());
};
const found = new Map<string, Kind>();
for (let x = -4; x <= 4; x += 2) {
  for (let y = -4; y <= 4; y += 2) {
    const end = newton(himmelblau, [x + 0.1, y + 0.2])?.at(-1);
    if (end !== undefined) found.set(end.map((value) => value.toFixed(6)).join(', '), classify(himmelblau, at(...end)));
  }
}
for (const [p, kind] of found) console.log(`Himmelblau at (${p}): ${kind}`);
const count = (kind: Kind): number => [...found.values()].filter((each) => each === kind).length;
assert.deepEqual([count('minimum'), count('saddle'), count('maximum')], [4, 4, 1]);
assert.equal(found.get('3.000000, 2.000000'), 'minimum');

/** The points that an optimiser visits on its way from (0, 1); L-BFGS stops by itself. */
function path(make: (p: Tensor[]) => optim.Optimizer, steps: number): Point[] {
  const p = at(0, 1).requireGrad();
  const optimizer = make([p]);
  const visited: Point[] = [[0, 1]];
  for (let i = 0; i < steps; i++) {
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = rosenbrock(p);
      loss.backward();
      return loss;
    });
    visited.push(numbers(p.detach()) as Point);
  }
  return visited;
}

const newtonPath = newton(rosenbrock, [0, 1]);
assert.ok(newtonPath !== null);
const paths: Record<string, Point[]> = {
  SGD: path((p) => new optim.SGD(p, { lr: 0.001 }), 100),
  Nesterov: path((p) => new optim.SGD(p, { lr: 0.001, momentum: 0.2, nesterov: true }), 100),
  Adam: path((p) => new optim.Adam(p, { lr: 0.05, eps: 1e-7 }), 100),
  'L-BFGS': path((p) => new optim.LBFGS(p, { maxIter: 1, toleranceGrad: 1e-12, toleranceChange: 0 }), 40),
  Newton: newtonPath,
};
const distance = ([x, y]: Point): number => Math.hypot(x - 1, y - 1);
for (const [name, points] of Object.entries(paths)) {
  const reached = points.findIndex((point) => distance(point) < 1e-6);
  const end = distance(points[points.length - 1]).toExponential(4);
  console.log(`${name}: ${end} from the minimum${reached < 0 ? '' : `, within 1e-6 after ${reached} steps`}`);
}
const last = (name: string): number => distance(paths[name][paths[name].length - 1]);
near(last('SGD'), 1.258, 5e-5, 'SGD after 100 steps');
near(last('Nesterov'), 1.2279, 5e-5, 'Nesterov after 100 steps');
near(last('Adam'), 0.9175, 5e-5, 'Adam after 100 steps');
assert.ok(last('L-BFGS') < 1e-10 && last('Newton') < 1e-10, 'second-order methods arrive');
assert.ok(newtonPath.length <= 10, 'Newton takes a handful of steps');

const span = (low: number, high: number): number[] =>
  Array.from({ length: 161 }, (_, i) => low + ((high - low) * i) / 160);
const [xs, ys] = [span(-0.6, 2), span(-0.6, 1.4)];
const values = noGrad(() => ys.map((y) => xs.map((x) => rosenbrock(at(x, y)).item())));
mkdirSync('runs/rosenbrock', { recursive: true });
const series = Object.entries(paths).map(([name, points]) => ({ name, points }));
writeFileSync(
  'runs/rosenbrock/paths.svg',
  await contourChart({
    title: 'From (0, 1) into Rosenbrock’s valley',
    x: { label: 'x' },
    y: { label: 'y' },
    z: { label: 'f', log: true },
    grid: { x: xs, y: ys, values },
    levels: [0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300],
    series,
  }),
);
writeFileSync(
  'runs/rosenbrock/distance.svg',
  await lineChart({
    title: 'Distance from the minimum',
    x: { label: 'step' },
    y: { label: 'distance', log: true },
    series: series.map(({ name, points }) => ({
      name,
      points: points.map((point, i) => [i, distance(point)] as const),
    })),
  }),
);
console.log('pictures: runs/rosenbrock/paths.svg, runs/rosenbrock/distance.svg');
