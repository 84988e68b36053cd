import { checkPositive, checkWhole } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { abs } from '../elementwise/abs.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { inFloat } from '../precision.js';
import { alongChannels } from './channels.js';
import { prelu } from './prelu.js';
import { relu } from './relu.js';

/* What `melu` and `galu` share: a PReLU and fixed bumps, in generations of 1, 2, 4, … that halve the width. */

/** Where a bump is, and how wide. */
export interface Bump {
  a: number;
  lambda: number;
}

export interface HatOptions {
  /** The largest input that is expected: bumps reach from 0 to 4 · maxInput; > 0; default 1. */
  maxInput?: number;
}

/** The first `count` of all generations' bumps; `place` says where the i-th of a generation is. */
export function bumps(count: number, place: (generation: number, i: number) => Bump): Bump[] {
  return Array.from({ length: count }, (_, j) => {
    const generation = Math.floor(Math.log2(j + 1));
    return place(generation, j + 1 - 2 ** generation);
  });
}

/** max(λ − |x − a|, 0) */
export const hat = (x: Tensor, { a, lambda }: Bump): Tensor => relu(sub(lambda, abs(sub(x, a))));

/** prelu(x, c₀) + Σⱼ cⱼ · φⱼ(x), with weight [C, k] or [1, k] for c. */
export function withBumps(
  op: string,
  x: Tensor,
  weight: Tensor,
  { maxInput = 1 }: HatOptions,
  places: (count: number, maxInput: number) => Bump[],
  phi: (x: Tensor, bump: Bump) => Tensor,
): Tensor {
  checkPositive(op, 'maxInput', maxInput);
  checkRank(op, 'weight', weight, ['channels', 'k']);
  const k: number = weight.shape[1];
  checkWhole(op, 'the number of weights of a channel', k, 1);
  const weights = alongChannels(op, 'weight', weight, x, k);
  const slope: Tensor = weight.slice(null, 0);
  return inFloat([x, slope, ...weights.slice(1)], (x, slope, ...heights) =>
    places(k - 1, maxInput)
      .map((bump, j) => mul(heights[j] as Tensor, phi(x as Tensor, bump)))
      .reduce((sum, bump): Tensor => add(sum, bump), prelu(x as Tensor, slope as Tensor) as Tensor),
  );
}
