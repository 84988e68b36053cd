import { requirePeer } from '../../core/peer.js';
import type { DetCurve } from '../../metrics/det.js';
import { type Frame, figure } from '../figure.js';
import type { Line } from '../marks.js';
import { entriesOf, type OneOrNamed } from './named.js';

const rates = [0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999];

/**
 * Detection error trade-offs: false negatives against false positives, both on the scale of normal deviates, on which
 * normal scores give straight lines. Rates of 0 and 1 have no place on it. Needs @stdlib/stats-base-dists-normal-quantile.
 *
 *     await detChart({ mine: detCurve(scores, labels) });
 *
 * @source Martin et al. 1997, "The DET curve in assessment of detection task performance"
 */
export async function detChart(curves: OneOrNamed<DetCurve>, frame: Partial<Frame> = {}): Promise<string> {
  const quantile = requirePeer<(p: number, mean: number, deviation: number) => number>(
    'detChart',
    '@stdlib/stats-base-dists-normal-quantile',
  );
  const deviate = (rate: number): number => quantile(rate, 0, 1);
  const lines = entriesOf('detChart', curves, ['falseNegativeRate', 'falsePositiveRate']).map(([name, curve]): Line => {
    const points = curve.falsePositiveRate.map(
      (rate, i) => [deviate(rate), deviate(curve.falseNegativeRate[i])] as const,
    );
    return { kind: 'line', points, ...(name === '' ? { colour: '#0072b2' } : { name }) };
  });
  const [x, y] = ['false positive rate', 'false negative rate'].map((label) => ({
    label,
    ticks: rates.map(deviate),
    texts: rates.map((rate) => `${Number((100 * rate).toPrecision(3))} %`),
    domain: [deviate(0.0005), deviate(0.9995)] as const,
  }));
  return figure({ title: 'Detection error trade-off', x, y, equal: true, width: 600, ...frame }, lines);
}
