import { checkArray } from '../../core/check.js';
import type { ReliabilityBin } from '../../metrics/calibration.js';
import { type Frame, figure } from '../figure.js';

/**
 * The reliability diagram: how often what was called with some confidence was right, and the diagonal on which both agree.
 *
 *     await calibrationChart(reliabilityBins({ bins: 10 })(probabilities, labels));
 *
 * @source Guo, Pleiss, Sun, Weinberger 2017, arXiv:1706.04599, figure 1
 */
export const calibrationChart = (bins: readonly ReliabilityBin[], frame: Partial<Frame> = {}): Promise<string> => {
  checkArray('calibrationChart', 'bins', bins);
  const [x, y] = ['confidence', 'accuracy'].map((label) => ({ label, domain: [0, 1] as const }));
  return figure({ title: 'Reliability', x, y, equal: true, width: 600, ...frame }, [
    {
      kind: 'bars',
      name: 'accuracy',
      bars: bins.map(({ low, high, accuracy }) => ({ x: [low, high], height: accuracy })),
    },
    {
      kind: 'line',
      points: [
        [0, 0],
        [1, 1],
      ],
      dashed: true,
    },
    { kind: 'dots', name: 'mean confidence', points: bins.map(({ confidence, accuracy }) => [confidence, accuracy]) },
  ]);
};
