import { bool, each, floats, int32, type KernelCall, of, ofRows, wide } from './operand.js';

const random = [12_345_678_901, 2 ** 32 - 3];

export const randomNumbers = (): KernelCall[] =>
  ofRows([
    ...each('uniform', floats, (t) => [of(t)(wide)], [...random, -1, 3]),
    ...each('normal', floats, (t) => [of(t)(wide)], [...random, 1, 2]),
    ...each('bernoulli', ['bool'], () => [bool(wide)], [...random, 0.3]),
    ...each('randint', ['int32'], () => [int32(wide)], [...random, -1000, 2e9]),
    ...each('standardGamma poisson', floats, (t) => [of(t)(wide), of(t)(wide)], random),
  ]);
