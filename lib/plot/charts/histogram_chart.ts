import { checkObject, checkWhole } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { Tensor } from '../../tensor/tensor.js';
import { figures, type Panel } from '../figure.js';

/**
 * How the values of layers are spread: a histogram for each, of one width, so that they compare.
 *
 *     await histogramChart({ 'layer 1': first, 'layer 20': later });
 *
 * @param options.bins     intervals between the least and the greatest of all values; whole, ≥ 1; default 40
 * @param options.columns  histograms in a row
 * @throws ValueError  "histogramChart: layers must have finite values; layer 1 has none"
 * @source lecture notes 000, line 665
 */
export async function histogramChart(
  layers: Readonly<Record<string, ArrayLike<number> | Tensor<any, any>>>,
  { title = 'Activations', bins = 40, columns }: { title?: string; bins?: number; columns?: number } = {},
): Promise<string> {
  checkObject('histogramChart', 'layers', layers);
  checkWhole('histogramChart', 'bins', bins, 1);
  const all = Object.entries(layers).map(([name, given]) => {
    const values = Array.from(given instanceof Tensor ? given.detach().data() : given, Number).filter(Number.isFinite);
    if (values.length === 0) throw new ValueError(`histogramChart: layers must have finite values; ${name} has none`);
    return { name, values };
  });
  const [low, high] = all.reduce(
    ([low, high], { values }) => values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [low, high]),
    [Infinity, -Infinity],
  );
  const width = (high - low) / bins || 1;
  return figures(
    title,
    all.map(({ name, values }): Panel => {
      const counts = new Array<number>(bins).fill(0);
      for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
      return {
        frame: { title: name, x: { label: '' }, y: { label: 'share' } },
        marks: [
          {
            kind: 'bars',
            colour: '#0072b2',
            bars: counts.map((count, i) => ({
              x: [low + i * width, low + (i + 1) * width],
              height: count / values.length,
            })),
          },
        ],
      };
    }),
    columns === undefined ? {} : { columns },
  );
}
