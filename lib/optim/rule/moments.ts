import type { Tensor } from '../../tensor/tensor.js';
import type { Memory } from './composed.js';

/** Adam's running means of a direction and of its square: m = β₁ m + (1 − β₁) d, v = β₂ v + (1 − β₂) d². */
export function moments(
  d: Tensor,
  { live, slot }: Memory<{ betas: readonly [number, number] }>,
): { m: Tensor; v: Tensor } {
  const [beta1, rest1] = [live((o) => o.betas[0]), live((o) => 1 - o.betas[0])];
  const [beta2, rest2] = [live((o) => o.betas[1]), live((o) => 1 - o.betas[1])];
  return {
    m: slot('expAvg', (m) => m.mul(beta1).add(d.mul(rest1))),
    v: slot('expAvgSq', (v) => v.mul(beta2).add(d.square().mul(rest2))),
  };
}
