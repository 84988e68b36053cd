import { each, floats, type KernelCall, of, ofRows, type Shape } from './operand.js';

const lines: Shape[] = [
  [3, 41, 1],
  [2, 19, 21],
];

export const activation = (): KernelCall[] =>
  ofRows(
    lines.flatMap((x) => [
      ...each('softmax logSoftmax', floats, (t) => [of(t)(x), of(t)(x)]),
      ...each('softmaxGradient logSoftmaxGradient', floats, (t) => [of(t)(x), of(t)(x), of(t)(x)]),
    ]),
  );
