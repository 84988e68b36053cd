import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, type KernelCall, of, ofRows, row, type Shape, wide } from './operand.js';

/** [samples, channels, positions of a sample] */
const images: Shape[] = [
  [4, 5, 41],
  [9, 41, 1],
];

export const normalisation = (): KernelCall[] =>
  ofRows([
    ...images.flatMap((x) => {
      const channels = (t: RealDType) => of(t)([x[1]]);
      return [
        ...each(
          'batchNorm',
          floats,
          (t) => [of(t)(x), channels(t), channels(t), of(t)(x), channels(t), channels(t)],
          [1e-5],
        ),
        ...each(
          'batchNormGradient',
          floats,
          (t) => [
            of(t)(x),
            channels(t),
            channels(t),
            of(t)(x),
            of(t)(x),
            channels(t),
            of(t)([x[1]], 'positive'),
            channels(t),
          ],
          [1e-5],
        ),
        ...each('scaleShiftGradient', floats, (t) => [
          of(t)(x),
          channels(t),
          channels(t),
          of(t)(x),
          of(t)(x),
          channels(t),
        ]),
      ];
    }),
    ...each(
      'layerNorm',
      floats,
      (t) => [of(t)(wide), of(t)([3]), of(t)([3]), of(t)(wide), of(t)(row), of(t)(row)],
      [1e-5],
    ),
    ...each('layerNormGradient', floats, (t) => [
      ...[
        of(t)(wide),
        of(t)(row),
        of(t)(row),
        of(t)(wide),
        of(t)(wide),
        of(t)([3]),
        of(t)([3], 'positive'),
        of(t)(row),
      ],
    ]),
    ...each('weightNorm', floats, (t) => [of(t)(wide), of(t)([3]), of(t)(wide, 'positive'), of(t)([3])]),
    ...each('weightNormGradient', floats, (t) => [
      ...[of(t)(wide), of(t)([3]), of(t)(wide), of(t)(wide), of(t)([3]), of(t)([3], 'positive')],
    ]),
    ...each(
      'groupNorm',
      floats,
      (t) => [of(t)([3, 2, 4, 21]), of(t)([6]), of(t)([6]), of(t)([3, 2, 4, 21]), of(t)([8]), of(t)([8])],
      [1e-5],
    ),
    ...each('groupNormGradient', floats, (t) => {
      const x = of(t)([3, 2, 4, 21]);
      return [x, of(t)([8]), of(t)([8]), x, x, of(t)([6]), of(t)([6], 'positive'), of(t)([8])];
    }),
  ]);
