import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { gru } from '../../ops/recurrent/gru.js';
import type { Tensor } from '../../tensor/tensor.js';
import {
  Recurrent,
  type RecurrentInput,
  type RecurrentLayerOptions,
  type RecurrentOutput,
  type RecurrentState,
  type Width,
} from './recurrent.js';

/**
 * Layers of gated recurrent units; see the op `gru`. [steps, batch, in] → [steps, batch, directions · hidden].
 *
 * weightIhL0 [3 · hidden, in], weightHhL0 [3 · hidden, hidden], biasIhL0 and biasHhL0 [3 · hidden] start uniform in
 * ±1 / √hidden; so do those of the other layers (`…L1`) and directions (`…L0Reverse`).
 */
export class GRU<
  const In extends number = any,
  const H extends number = any,
  const Bi extends boolean = false,
> extends Recurrent<In, H> {
  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of the state; whole, ≥ 1
   * @throws ValueError "GRU: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, options: RecurrentLayerOptions<Bi> = {}) {
    super(3, inputSize, hiddenSize, options);
  }

  /**
   * @param x   [steps, batch, in], [batch, steps, in] with batchFirst, or [steps, in]
   * @param h0  [layers · directions, batch, hidden], without batch as x; default 0
   * @returns   the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last state of
   *            every layer and direction, laid out as h0
   * @throws ShapeError "GRU: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<S extends Shape, D extends DType>(
    x: RecurrentInput<S, D, In>,
    h0?: Tensor,
  ): [output: RecurrentOutput<S, D, In, Width<H, Bi>>, h: RecurrentState<S, D, H>] {
    const [output, [h]] = this.run(x, h0 ? { h0 } : {}, (x, { weightIh, weightHh, ...options }, [h0]) => {
      const [output, h] = gru(x, weightIh, weightHh, { ...options, h0 });
      return [output, [h]];
    });
    return [output, h];
  }
}
