import { checkObject, checkPositive } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import type { CriticalDifference } from '../../stats/critical_difference.js';
import { figure, hidden } from '../figure.js';
import type { Line, Mark, Point } from '../marks.js';

/** What the test of average ranks found, and what the methods are called. */
export interface NamedDifference extends Pick<CriticalDifference, 'ranks' | 'cd' | 'groups'> {
  readonly names: readonly string[];
}

/**
 * The critical-difference diagram: methods at their average ranks, the best on the right, bars over those that do not
 * differ, and the length of the critical difference.
 *
 *     await criticalDifferenceChart({ names, ...criticalDifference(averageRanks(scores)) });
 *
 * @throws ShapeError  "criticalDifferenceChart: each of 3 names needs a rank; got 2"
 * @source Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", figure 1
 */
export async function criticalDifferenceChart(
  difference: NamedDifference,
  { title = 'Average ranks', width = 720 }: { title?: string; width?: number } = {},
): Promise<string> {
  const op = 'criticalDifferenceChart';
  checkObject(op, 'the difference', difference, ['names', 'ranks', 'cd', 'groups']);
  const { names, ranks, cd, groups } = difference;
  checkPositive(op, 'cd', cd);
  if (ranks.length !== names.length)
    throw new ShapeError(`${op}: each of ${names.length} names needs a rank; got ${ranks.length}`);
  const count = names.length;
  const order = [...ranks.keys()].sort((a, b) => ranks[a] - ranks[b]);
  // y counts rows down from the axis: cliques, then names, the better half on the right.
  const bars = groups.filter((group) => group.length > 1);
  const half = Math.ceil(count / 2);
  const first = bars.length * 0.5 + 1;
  const line = (points: Point[], width: number, colour = '#333'): Line => ({ kind: 'line', points, width, colour });
  const stems = order.flatMap((method, place): Mark[] => {
    const right = place < half;
    const row = first + (right ? place : count - 1 - place);
    const end = right ? 0.7 : count + 0.3;
    const rank = ranks[method];
    return [
      line(
        [
          [rank, 0],
          [rank, row],
          [end, row],
        ],
        1.2,
      ),
      {
        kind: 'labels',
        align: right ? 'left' : 'right',
        offset: [right ? 5 : -5, 0],
        labels: [{ at: [end, row], text: `${names[method]} ${Number(rank.toFixed(2))}` }],
      },
    ];
  });
  const whole = Array.from({ length: count }, (_, i) => i + 1);
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  // Room for the names on both sides, 6.5 pixels a letter.
  const side = ((longest + 6) * 6.5 * (count - 1)) / Math.max(80, width - 80 - 2 * (longest + 6) * 6.5);
  const rows = first + half;
  return figure(
    {
      title,
      x: { ...hidden, domain: [0.5 - side, count + 0.5 + side], reversed: true },
      y: { ...hidden, domain: [-2.2, rows], reversed: true },
      width,
      height: 90 + 28 * rows,
    },
    [
      line(
        [
          [1, 0],
          [count, 0],
        ],
        1.5,
      ),
      line(
        whole.flatMap((rank): Point[] => [
          [rank, 0],
          [rank, -0.25],
          [NaN, NaN],
        ]),
        1.5,
      ),
      { kind: 'labels', offset: [0, -9], labels: whole.map((rank) => ({ at: [rank, -0.25], text: String(rank) })) },
      line(
        [
          [count, -1.5],
          [count - cd, -1.5],
        ],
        2.5,
        '#0072b2',
      ),
      {
        kind: 'labels',
        offset: [0, -10],
        labels: [{ at: [count - cd / 2, -1.5], text: `CD = ${Number(cd.toFixed(3))}` }],
      },
      ...stems,
      ...bars.map((group, i): Mark => {
        const of = group.map((method) => ranks[method]);
        const row = 0.5 + 0.5 * i;
        return {
          ...line(
            [
              [Math.min(...of) - 0.04, row],
              [Math.max(...of) + 0.04, row],
            ],
            4,
            '#d55e00',
          ),
        };
      }),
    ],
  );
}
