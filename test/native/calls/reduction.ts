import 'adjoint/metrics'; // says what its kernel writes
import { each, floats, int32, type KernelCall, numbers, of, ofRows, ordered, type Shape, wide } from './operand.js';

export function reduction(): KernelCall[] {
  const shapes: [x: Shape, y: Shape][] = [
    [
      [3, 411],
      [3, 1],
    ],
    [
      [43, 41],
      [1, 41],
    ],
    [
      [3, 70, 5],
      [3, 1, 5],
    ],
    [
      [7, 3, 9],
      [1, 3, 1],
    ],
    [
      [5, 141],
      [1, 1],
    ],
  ];
  return [
    ...shapes.flatMap(([x, y]) => [
      // Of one sign: what is left of sums that cancel hangs on their order.
      ...each('sum nansum sumOfSquares', floats, (t) => [of(t)(y), of(t)(x, 'positive')]),
      ...each('max min', ordered, (t) => [of(t)(y), of(t)(x)]),
      ...each('argmax argmin', ordered, (t) => [int32(y), of(t)(x)]),
    ]),
    // Of fewer elements than would overflow.
    ...shapes.slice(0, -1).flatMap(([x, y]) => each('prod', floats, (t) => [of(t)(y), of(t)(x, 'positive')])),
    // Rows and columns, of one vector and of several, with and without a rest.
    ...(
      [
        [3, 41, 1],
        [2, 7, 19],
        [2, 16, 1],
      ] as const
    ).flatMap(([outer, n, inner]) => {
      const x = [outer, n, inner];
      return ofRows(each('prodGradient', floats, (t) => [of(t)(x), of(t)([outer, 1, inner]), of(t)(x, 'positive')]));
    }),
    // A column, of which more wait than are taken at once; a band of columns; two and a rest.
    ...(
      [
        [1100, 1],
        [41, 64],
        [61, 131],
      ] as const
    ).flatMap((x) =>
      ofRows(
        each('residualMoments', floats, (t) => [
          of('float64')([4, x[1]], 'positive'),
          of(t)(x, 'positive'),
          of(t)(x, 'positive'),
        ]),
      ),
    ),
    ...[0, 1].flatMap((axis) => each('cumsum', numbers, (t) => [of(t)(wide), of(t)(wide)], [axis, 1 - axis])),
    ...[0, 1].flatMap((axis) => [
      ...each('cumprod', numbers, (t) => [of(t)(wide), of(t)(wide)], [axis]),
      ...each('cumprodGradient', floats, (t) => [of(t)(wide), of(t)(wide), of(t)(wide), of(t)(wide)], [axis]),
      ...each('cummax cummin', numbers, (t) => [of(t)(wide), int32(wide), of(t)(wide)], [axis]),
      ...each('cummaxGradient', floats, (t) => [of(t)(wide), of(t)(wide), int32(wide, wide[axis])], [axis]),
      ...each('logcumsumexp', floats, (t) => [of(t)(wide), of(t)(wide)], [axis]),
      ...each('logcumsumexpGradient', floats, (t) => [of(t)(wide), of(t)(wide), of(t)(wide), of(t)(wide)], [axis]),
    ]),
  ];
}
