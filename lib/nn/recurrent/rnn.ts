import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Shape } from '../../core/types.js';
import { rnn } from '../../ops/recurrent/rnn.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Activation } from '../activation/activation.js';
import { Module } from '../module.js';
import { RecurrentCell } from './recurrent_cell.js';
import { type RecurrentCallOptions, RecurrentLayer, type RecurrentLayerOptions } from './recurrent_layer.js';
import type {
  CellInput,
  CellState,
  RecurrentInput,
  RecurrentOutput,
  RecurrentState,
  Steps,
  Width,
} from './recurrent_shape.js';
import type { Direction, RecurrentWeightOptions } from './weights.js';

/** What each step applies to its sum: a name, a function or a layer; default 'tanh'. */
export type RNNNonlinearity = 'tanh' | 'relu' | Activation;

export interface RNNOptions<Bi extends boolean = boolean> extends RecurrentLayerOptions<Bi> {
  /** Of each step's sum; default 'tanh'. */
  nonlinearity?: RNNNonlinearity;
}
export interface RNNCellOptions extends RecurrentWeightOptions {
  /** Of each step's sum; default 'tanh'. */
  nonlinearity?: RNNNonlinearity;
}

function direction(given: RNNNonlinearity): Direction {
  const nonlinearity = given instanceof Module ? (sum: Tensor): Tensor => given.forward(sum) : given;
  return (x, { weightIh, weightHh, biasIh, biasHh, reverse }, [h0]) => {
    const [output, h] = rnn(x, weightIh, weightHh, { biasIh, biasHh, h0, reverse, nonlinearity });
    return [output, [h]];
  };
}

function checkNonlinearity(name: string, given: RNNNonlinearity): void {
  if (typeof given === 'string' && given !== 'tanh' && given !== 'relu') {
    throw new ValueError(`${name}: nonlinearity must be 'tanh', 'relu', a function or a layer; got '${String(given)}'`);
  }
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
> extends RecurrentLayer<In, H> {
  readonly nonlinearity: RNNNonlinearity;

  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of the state; whole, ≥ 1
   * @throws ValueError "RNN: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, { nonlinearity = 'tanh', ...options }: RNNOptions<Bi> = {}) {
    super({ gates: 1, states: ['h0'] }, inputSize, hiddenSize, options);
    checkNonlinearity('RNN', nonlinearity);
    this.nonlinearity = nonlinearity;
  }

  /**
   * @param x   [steps, batch, in], [batch, steps, in] with batchFirst, [steps, in], or packed sequences
   * @param h0  [layers · directions, batch, hidden], without batch as x; default the learned state, or 0
   * @returns   the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last state of
   *            every layer and direction, laid out as h0
   * @throws ShapeError "RNN: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<X extends Steps>(
    x: RecurrentInput<X, In>,
    h0?: Tensor,
    options?: RecurrentCallOptions,
  ): [output: RecurrentOutput<X, In, Width<H, Bi>>, h: RecurrentState<X, H>] {
    const [output, [h]] = this.run(x, h0 && [h0], direction(this.nonlinearity), options);
    return [output, h];
  }
}

/** One step of an RNN. [batch, in], [batch, hidden] → [batch, hidden]. */
export class RNNCell<const In extends number = any, const H extends number = any> extends RecurrentCell<In, H> {
  readonly nonlinearity: RNNNonlinearity;

  /** @param options  as those of the layer */
  constructor(inputSize: In, hiddenSize: H, { nonlinearity = 'tanh', ...options }: RNNCellOptions = {}) {
    super(1, inputSize, hiddenSize, options);
    checkNonlinearity('RNNCell', nonlinearity);
    this.nonlinearity = nonlinearity;
  }

  /**
   * @param x   [batch, in] or [in]
   * @param h0  [batch, hidden], without batch as x; default 0
   * @throws ShapeError "RNNCell: x must have the axes [batch, 4] or [4]; got [3, 5]"
   */
  forward<S extends Shape, D extends DType>(x: CellInput<S, D, In>, h0?: Tensor): CellState<S, D, In, H> {
    const [h] = this.step(x, h0 ? { h0 } : {}, direction(this.nonlinearity));
    return h;
  }
}
