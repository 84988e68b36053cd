import { each, int32, type KernelCall, of, ordered, type Shape, wide } from './operand.js';

/** Along memory and across it, few elements that are compared and many whose digits are counted. */
export function sorting(): KernelCall[] {
  const shapes: [x: Shape, axis: number, k: number][] = [
    [wide, 0, 2],
    [[3, 211], 1, 5],
    [[2, 141, 19], 1, 70],
  ];
  return [
    ...shapes.flatMap(([x, axis, k]) => {
      const y = x.map((size, i) => (i === axis ? k : size));
      const one = x.map((size, i) => (i === axis ? 1 : size));
      return [0, 1].flatMap((flag) => [
        ...each('sort', ordered, (t) => [of(t)(x), int32(x), of(t)(x)], [axis, flag]),
        ...each('argmedian', ordered, (t) => [int32(one), of(t)(x)], [axis, flag]),
        ...each('topK', ordered, (t) => [of(t)(y), int32(y), of(t)(x)], [axis, flag, 1 - flag]),
      ]);
    }),
    ...[0, 1].flatMap((right) =>
      each('searchSorted', ordered, (t) => [int32(wide), of(t)([3, 1]), of(t)(wide)], [right]),
    ),
  ];
}
