import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { lstm } from '../../ops/recurrent/lstm.js';
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
 * Layers of long short-term memory; see the op `lstm`. [steps, batch, in] → [steps, batch, directions · hidden].
 *
 *     const memory = new nn.LSTM(64, 256);
 *     const [output, [h, c]] = memory.forward(x);            // [32, 8, 64] → [32, 8, 256], [1, 8, 256] twice
 *     const [more] = memory.forward(next, [h.detach(), c.detach()]);
 *
 * weightIhL0 [4 · hidden, in], weightHhL0 [4 · hidden, hidden], biasIhL0 and biasHhL0 [4 · hidden] start uniform in
 * ±1 / √hidden; so do those of the other layers (`…L1`) and directions (`…L0Reverse`).
 */
export class LSTM<
  const In extends number = any,
  const H extends number = any,
  const Bi extends boolean = false,
> extends Recurrent<In, H> {
  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of h and of c; whole, ≥ 1
   * @throws ValueError "LSTM: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, options: RecurrentLayerOptions<Bi> = {}) {
    super(4, inputSize, hiddenSize, options);
  }

  /**
   * @param x      [steps, batch, in], [batch, steps, in] with batchFirst, or [steps, in]
   * @param state  h0 and c0, [layers · directions, batch, hidden] each, without batch as x; default 0
   * @returns      the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last h and c of
   *               every layer and direction, laid out as h0 and c0
   * @throws ShapeError "LSTM: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<S extends Shape, D extends DType>(
    x: RecurrentInput<S, D, In>,
    state?: readonly [h0: Tensor, c0: Tensor],
  ): [
    output: RecurrentOutput<S, D, In, Width<H, Bi>>,
    state: [h: RecurrentState<S, D, H>, c: RecurrentState<S, D, H>],
  ] {
    const states = state ? { h0: state[0], c0: state[1] } : {};
    const [output, [h, c]] = this.run(x, states, (x, { weightIh, weightHh, ...options }, [h0, c0]) =>
      lstm(x, weightIh, weightHh, { ...options, state: h0 && c0 && [h0, c0] }),
    );
    return [output, [h, c]];
  }
}
