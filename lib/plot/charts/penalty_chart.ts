import { checkObject, checkPositive } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { contours } from '../contour.js';
import { figures, type Panel } from '../figure.js';
import type { Point } from '../marks.js';

/** A cost ½ (w − minimum)ᵀ H (w − minimum) of two weights. */
export interface Quadratic {
  readonly minimum: Point;
  /** Positive definite. */
  readonly hessian: readonly [readonly [number, number], readonly [number, number]];
}

/**
 * Why an L1 penalty makes weights zero and an L2 penalty does not: contours of a cost, the ball of weights with a norm of at
 * most `radius`, and the least cost in it; on the left L1, on the right L2.
 *
 *     await penaltyChart({ minimum: [1, 2], hessian: [[1, 0], [0, 1]] });
 *
 * @param radius  > 0; default 1
 * @throws ValueError  "penaltyChart: the Hessian must be positive definite; got [[1, 2], [2, 1]]"
 * @source lecture notes 000, line 697; Hastie, Tibshirani, Friedman 2009, "The elements of statistical learning",
 *         figure 3.11
 */
export async function penaltyChart(
  cost: Quadratic,
  { radius = 1, title = 'The least cost within a norm' }: { radius?: number; title?: string } = {},
): Promise<string> {
  checkObject('penaltyChart', 'cost', cost, ['minimum', 'hessian']);
  checkPositive('penaltyChart', 'radius', radius);
  const [[a, b], [c, d]] = cost.hessian;
  if (!(a > 0 && a * d - b * c > 0 && b === c)) {
    throw new ValueError(
      `penaltyChart: the Hessian must be symmetric and positive definite; got [[${a}, ${b}], [${c}, ${d}]]`,
    );
  }
  const at = ([u, v]: Point): number => {
    const [x, y] = [u - cost.minimum[0], v - cost.minimum[1]];
    return (a * x * x + 2 * b * x * y + d * y * y) / 2;
  };
  const [u, v] = cost.minimum;
  const reach = 1.25 * Math.max(radius, Math.abs(u), Math.abs(v));
  const steps = Array.from({ length: 121 }, (_, i) => reach * (i / 60 - 1));
  const grid = { x: steps, y: steps, values: steps.map((v) => steps.map((u) => at([u, v]))) };
  const norms = { L1: ([u, v]: Point) => Math.abs(u) + Math.abs(v), L2: ([u, v]: Point) => Math.hypot(u, v) };

  const panels = Object.entries(norms).map(([name, norm]): Panel => {
    const ball = Array.from({ length: 3600 }, (_, i): Point => {
      const direction: Point = [Math.cos((i * Math.PI) / 1800), Math.sin((i * Math.PI) / 1800)];
      const scale = radius / norm(direction);
      return [direction[0] * scale, direction[1] * scale];
    });
    const border = ball.reduce((best, point) => (at(point) < at(best) ? point : best));
    const least = norm(cost.minimum) <= radius ? cost.minimum : border;
    const touched = at(least);
    const levels = [0.25, 0.5, 1, 1.75, 2.75, 4].map((factor) => factor * (touched || at([0, 0]) || 1));
    return {
      frame: {
        title: name,
        x: { label: 'w₁', domain: [-reach, reach] },
        y: { label: 'w₂', domain: [-reach, reach] },
        equal: true,
        width: 420,
        height: 420,
      },
      marks: [
        { kind: 'line', points: ball.filter((_, i) => i % 10 === 0), colour: '#56b4e9', fill: '#56b4e9', opacity: 0.5 },
        ...contours(grid, {}, levels).map(({ z: _, ...line }) => ({ ...line, colour: '#777' })),
        { kind: 'dots', points: [cost.minimum], colour: '#000', size: 7 },
        { kind: 'dots', points: [least], colour: '#d55e00', size: 9 },
        {
          kind: 'labels',
          align: 'left',
          offset: [8, -6],
          labels: [{ at: least, text: `(${least.map((w) => Number(w.toFixed(2)) + 0).join(', ')})` }],
        },
      ],
    };
  });
  return figures(title, panels, { columns: 2 });
}
