import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, type KernelCall, of, type Shape } from './operand.js';

interface Window {
  x: Shape;
  w: Shape;
  y: Shape;
  numbers: number[];
  depth?: number[];
}

export function convolution(): KernelCall[] {
  const windows: Window[] = [
    { x: [2, 5, 9, 19], w: [7, 5, 3, 3], y: [2, 7, 9, 19], numbers: [1, 1, 1, 1, 1, 1, 1] },
    { x: [2, 20, 8, 17], w: [18, 10, 3, 2], y: [2, 18, 4, 8], numbers: [2, 2, 1, 0, 1, 2, 2] },
    { x: [2, 6, 7, 18], w: [6, 1, 3, 3], y: [2, 6, 7, 18], numbers: [1, 1, 1, 1, 1, 1, 6] },
    { x: [2, 17, 5, 7], w: [33, 17, 1, 1], y: [2, 33, 5, 7], numbers: [1, 1, 0, 0, 1, 1, 1] },
    { x: [2, 5, 3, 9, 19], w: [7, 5, 3, 3, 3], y: [2, 7, 3, 9, 19], numbers: [1, 1, 1, 1, 1, 1, 1], depth: [1, 1, 1] },
    {
      x: [2, 20, 4, 8, 9],
      w: [18, 10, 2, 3, 2],
      y: [2, 18, 2, 4, 4],
      numbers: [2, 2, 1, 0, 1, 2, 2],
      depth: [2, 0, 1],
    },
  ];
  const [{ x, w, y, numbers }] = windows;
  const winograd = [
    ...each('conv2dWinograd', ['float32'], (t) => [of(t)(y), of(t)(x), of(t)(w), of(t)([w[0]])], numbers),
    ...each('conv2dInputWinograd', ['float32'], (t) => [of(t)(x), of(t)(y), of(t)(w)], numbers),
  ];
  const direct = windows.flatMap(({ x, w, y, numbers: plane, depth }) => {
    const numbers = depth === undefined ? plane : [...plane, 0, 0, ...depth];
    const rounding = [...plane, 0, 1, ...(depth ?? [])];
    const calls = (dtypes: readonly RealDType[], numbers: number[]) => [
      ...each('conv2d', dtypes, (t) => [of(t)(y), of(t)(x), of(t)(w), of(t)([w[0]])], numbers),
      ...each('conv2dInput', dtypes, (t) => [of(t)(x), of(t)(y), of(t)(w)], numbers),
      ...each('conv2dWeight', dtypes, (t) => [of(t)(w), of(t)(x), of(t)(y)], numbers),
      ...each('conv2dWeight', dtypes, (t) => [of(t)(w), of(t)([w[0]]), of(t)(x), of(t)(y)], numbers),
    ];
    return [...calls(floats, numbers), ...calls(['float32'], rounding)];
  });
  return [...direct, ...winograd];
}
