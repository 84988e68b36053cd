import { each, floats, int32, type KernelCall, of, ofRows, type Shape } from './operand.js';

export function pooling(): KernelCall[] {
  const windows: [x: Shape, y: Shape, numbers: number[]][] = [
    [
      [2, 3, 8, 38],
      [2, 3, 4, 19],
      [2, 2, 2, 2, 0, 0],
    ],
    [
      [2, 3, 9, 21],
      [2, 3, 9, 21],
      [3, 3, 1, 1, 1, 1],
    ],
  ];
  const bins: [x: Shape, y: Shape][] = [
    [
      [5, 1, 9, 41],
      [5, 1, 4, 7],
    ],
    [
      [3, 5, 4, 6],
      [3, 2, 4, 5],
    ],
  ];
  const ofWindows = windows.flatMap(([x, y, window]) => [
    ...each('maxPool2d', floats, (t) => [of(t)(y), int32(y), of(t)(x)], [...window, 1, 1]),
    ...each('maxPool2dInput', floats, (t) => [of(t)(x), of(t)(y), int32(y, x[2] * x[3])]),
    ...each('avgPool2d', floats, (t) => [of(t)(y), of(t)(x)], [...window, 1, window[4], window[5]]),
    ...each('avgPool2dInput', floats, (t) => [of(t)(x), of(t)(y)], [...window, 0, window[4], window[5]]),
  ]);
  const ofBins = bins.flatMap(([x, y]) => each('adaptiveMaxPool', floats, (t) => [of(t)(y), int32(y), of(t)(x)]));
  return [...ofWindows, ...ofRows(ofBins)];
}
