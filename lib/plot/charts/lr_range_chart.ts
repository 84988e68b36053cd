import { checkObject } from '../../core/check.js';
import { averagedLosses, type LrRange, lrBounds } from '../../optim/lr_range_test.js';
import { type Frame, figure } from '../figure.js';
import type { Mark } from '../marks.js';

/**
 * The losses of a learning rate range test and their average against the rate, on a logarithmic axis, with the bounds that
 * `lrBounds` reads from it.
 *
 *     await lrRangeChart(lrRangeTest(optimizer, step));
 */
export async function lrRangeChart(range: LrRange, frame: Partial<Frame> = {}): Promise<string> {
  checkObject('lrRangeChart', 'the range', range, ['rates', 'losses']);
  const { rates, losses } = range;
  const averages = averagedLosses(losses);
  const [low, high] = [Math.min, Math.max].map((of) => of(...losses.filter(Number.isFinite)));
  const bound = (name: string, rate: number): Mark => ({
    kind: 'line',
    name: `${name} ${Number(rate.toPrecision(2))}`,
    dashed: true,
    points: [
      [rate, low],
      [rate, high],
    ],
  });
  const { baseLr, maxLr } = lrBounds(range);
  return figure(
    {
      title: 'Learning rate range test',
      x: { label: 'learning rate', log: true },
      y: { label: 'loss' },
      ...frame,
    },
    [
      { kind: 'line', name: 'loss', opacity: 0.25, points: rates.map((rate, i) => [rate, losses[i]]) },
      { kind: 'line', name: 'loss', points: rates.map((rate, i) => [rate, averages[i]]) },
      bound('baseLr', baseLr),
      bound('maxLr', maxLr),
    ],
  );
}
