import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, int32, type KernelCall, of, ofRows, type Shape, wide } from './operand.js';

/** [samples, classes, positions of a sample] */
const lines: Shape[] = [
  [3, 41, 1],
  [2, 19, 21],
];

const names = [
  ...['mseLoss', 'l1Loss', 'huberLoss', 'binaryCrossEntropyWithLogits'],
  ...['softMarginLoss', 'hingeLoss', 'squaredHingeLoss', 'poissonNllLoss'],
];
/** Of operands within 0 … 1. */
const ofProbabilities = ['binaryCrossEntropy', 'klDiv'];

export const loss = (): KernelCall[] =>
  ofRows([
    ...[wide, []].flatMap((y) =>
      [...names, ...ofProbabilities].flatMap((name) => {
        const range = ofProbabilities.includes(name) ? 'fraction' : undefined;
        return [
          ...each(name, floats, (t) => [of(t)(y), of(t)(wide, range), of(t)(wide, range)], [0.3, 0.5]),
          ...each(
            `${name}Gradient`,
            floats,
            (t) => [of(t)(wide), of(t)(y), of(t)(wide, range), of(t)(wide, range)],
            [0.3, 0.5],
          ),
        ];
      }),
    ),
    // A sum that is wider than what it is of.
    ...names.flatMap((name) =>
      each(name, ['float32'], (t) => [of('float64')([]), of(t)(wide), of(t)(wide)], [0.3, 0.5]),
    ),
    ...[0, 1, 9].flatMap((length) => {
      const [steps, batch, classes, states] = [7, 3, 5, 2 * length + 1];
      const sequences = [int32([batch, states], classes), int32([batch], steps + 1), int32([batch], length + 1)];
      const alpha = [batch, steps + 1, states];
      return [
        ...each('ctcLoss', floats, (t) => [of(t)([batch]), of(t)(alpha), of(t)([steps, batch, classes]), ...sequences]),
        ...each('ctcLossGradient', floats, (t) => [
          ...[of(t)([steps, batch, classes]), of(t)([batch]), of(t)([batch]), of(t)(alpha)],
          ...[of(t)([steps, batch, classes]), ...sequences],
        ]),
      ];
    }),
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
