import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { rnn } from '../../ops/recurrent/rnn.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Activation } from '../activation/activation.js';
import { Module } from '../module.js';
import {
  Recurrent,
  type RecurrentInput,
  type RecurrentLayerOptions,
  type RecurrentOutput,
  type RecurrentState,
  type Width,
} from './recurrent.js';

export interface RNNOptions<Bi extends boolean = boolean> extends RecurrentLayerOptions<Bi> {
  /** What each step applies to its sum: a name, a function or a layer; default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu' | Activation;
}

/**
 * Plain recurrent layers; see the op `rnn`. [steps, batch, in] → [steps, batch, directions · hidden].
 *
 * weightIhL0 [hidden, in], weightHhL0 [hidden, hidden], biasIhL0 and biasHhL0 [hidden] start uniform in ±1 / √hidden; so do
 * those of the other layers (`…L1`) and directions (`…L0Reverse`).
 */
export class RNN<
  const In extends number = any,
  const H extends number = any,
  const Bi extends boolean = false,
> extends Recurrent<In, H> {
  readonly nonlinearity: 'tanh' | 'relu' | Activation;

  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of the state; whole, ≥ 1
   * @throws ValueError "RNN: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, { nonlinearity = 'tanh', ...options }: RNNOptions<Bi> = {}) {
    super(1, inputSize, hiddenSize, options);
    if (typeof nonlinearity === 'string' && nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(`RNN: nonlinearity must be 'tanh', 'relu', a function or a layer; got '${nonlinearity}'`);
    }
    this.nonlinearity = nonlinearity;
  }

  /**
   * @param x   [steps, batch, in], [batch, steps, in] with batchFirst, or [steps, in]
   * @param h0  [layers · directions, batch, hidden], without batch as x; default 0
   * @returns   the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last state of
   *            every layer and direction, laid out as h0
   * @throws ShapeError "RNN: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<S extends Shape, D extends DType>(
    x: RecurrentInput<S, D, In>,
    h0?: Tensor,
  ): [output: RecurrentOutput<S, D, In, Width<H, Bi>>, h: RecurrentState<S, D, H>] {
    const given = this.nonlinearity;
    const nonlinearity = given instanceof Module ? (sum: Tensor): Tensor => given.forward(sum) : given;
    const [output, [h]] = this.run(x, h0 ? { h0 } : {}, (x, { weightIh, weightHh, ...options }, [h0]) => {
      const [output, h] = rnn(x, weightIh, weightHh, { ...options, h0, nonlinearity });
      return [output, [h]];
    });
    return [output, h];
  }
}
