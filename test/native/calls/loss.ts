import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, int32, type KernelCall, of, ofRows, type Shape, wide } from './operand.js';

/** [samples, classes, positions of a sample] */
const lines: Shape[] = [
  [3, 41, 1],
  [2, 19, 21],
];

const paired = 'mseLoss l1Loss huberLoss';
const slopes = 'mseLossGradient l1LossGradient huberLossGradient';

export const loss = (): KernelCall[] =>
  ofRows([
    ...[wide, []].flatMap((y) => [
      ...each(paired, floats, (t) => [of(t)(y), of(t)(wide), of(t)(wide)], [0.3, 0.5]),
      ...each(slopes, floats, (t) => [of(t)(wide), of(t)(y), of(t)(wide), of(t)(wide)], [0.3, 0.5]),
    ]),
    ...lines.flatMap((x) => {
      const samples = [x[0], x[2]];
      // Of every sample, between the scale of a mean and what is read.
      const statistics = (t: RealDType) => [of(t)(samples), of(t)(samples)];
      const read = (t: RealDType) => [of(t)(x), int32(samples, x[1]), of(t)([x[1]], 'positive')];
      return [samples, []].flatMap((y) => {
        const numbers = [-1, 0.1, Number(y.length === 0)];
        return [
          ...each('crossEntropy', floats, (t) => [of(t)(y), of(t)([]), ...statistics(t), ...read(t)], numbers),
          ...each(
            'crossEntropyGradient',
            floats,
            (t) => [of(t)(x), of(t)(y), of(t)([], 'positive'), ...statistics(t), ...read(t)],
            numbers,
          ),
        ];
      });
    }),
  ]);
