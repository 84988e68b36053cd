import { realDTypes } from '../../../lib/core/dtype.js';
import { each, floats, int32, type KernelCall, numbers, of, ofRows, wide } from './operand.js';

export function indexing(): KernelCall[] {
  return [
    ...each('gather', realDTypes, (t) => [of(t)(wide), of(t)([7, 41]), int32(wide, 7)], [0]),
    ...each('gather', realDTypes, (t) => [of(t)(wide), of(t)([3, 9]), int32(wide, 9)], [1]),
    ...each('indexSelect', realDTypes, (t) => [of(t)(wide), of(t)([7, 41]), int32([3], 7)], [0]),
    ...each('indexSelect', realDTypes, (t) => [of(t)(wide), of(t)([3, 9]), int32([41], 9)], [1]),
    ...each('scatterAdd', numbers, (t) => [of(t)([7, 41]), int32(wide, 7), of(t)(wide)], [0]),
    ...each('scatterAdd', numbers, (t) => [of(t)([3, 9]), int32(wide, 9), of(t)(wide)], [1]),
    ...each('indexAdd', numbers, (t) => [of(t)([7, 41]), int32([3], 7), of(t)(wide)], [0]),
    ...each('indexAdd', numbers, (t) => [of(t)([3, 9]), int32([41], 9), of(t)(wide)], [1]),
    // Rows of the width of an embedding, more than are fetched ahead, in shares of the threads.
    ...[64, 70].flatMap((width) => [
      ...each('indexSelect', realDTypes, (t) => [of(t)([9, width]), of(t)([7, width]), int32([9], 7)], [0]),
      ...each('indexAdd', numbers, (t) => [of(t)([7, width]), int32([600], 7), of(t)([600, width])], [0]),
    ]),
    ...ofRows(
      [1, 21, 70].flatMap((inner) =>
        [2, 3, 4, 5, 9].flatMap((taps) =>
          each('weightedSum', floats, (t) => [
            ...[of(t)([3, 19, inner]), of(t)([3, 7, inner])],
            ...[int32([19, taps], 7), of(t)([19, taps])],
          ]),
        ),
      ),
    ),
    ...ofRows(
      [1, 21].flatMap((inner) =>
        [
          [4, 1, 1, 1],
          [4, 2, 3, 0],
          [4, 3, 1, 2],
          // Windows of two side by side, of which the size leaves an element.
          [2, 2, 1, 0],
        ].flatMap(([taps, ...numbers]) =>
          each(
            'addWindows',
            ['int32', ...floats],
            (t) => [of(t)([2, 3, 19, inner]), of(t)([2, taps, 3, 7, inner])],
            numbers,
          ),
        ),
      ),
    ),
  ];
}
