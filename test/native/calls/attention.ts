import type { RealDType } from '../../../lib/core/dtype.js';
import { bool, each, floats, type KernelCall, type Operand, of } from './operand.js';

export function attention(): KernelCall[] {
  const [queries, keys, width, values] = [13, 21, 9, 7];
  const dense = (operand: Operand): Operand => ({ ...operand, dense: true });
  const masks = (t: RealDType) => [[], [bool([2, queries, keys])], [of(t)([2, queries, keys])]];
  return [0, 1].flatMap((causal) =>
    [0, 1, 2].flatMap((mask) => {
      const [y, q, k, v] = [
        [2, queries, values],
        [2, queries, width],
        [2, keys, width],
        [2, keys, values],
      ];
      const given = (t: RealDType) => [of(t)(q), of(t)(k), of(t)(v), ...masks(t)[mask]];
      const statistics = (t: RealDType) => dense(of(t)([2, queries, 2], 'positive'));
      const options = [0.3, causal, 0.2, 1, 2];
      return [
        ...each('attention', floats, (t) => [dense(of(t)(y)), statistics(t), ...given(t)], options),
        ...each(
          'attentionGradient',
          floats,
          (t) => [...[q, k, v].map((x) => dense(of(t)(x))), of(t)(y), dense(of(t)(y)), statistics(t), ...given(t)],
          options,
        ),
      ];
    }),
  );
}
