import { checkFinite } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { lstm } from '../../ops/recurrent/lstm.js';
import { concat } from '../../ops/shape/concat.js';
import { slice } from '../../ops/shape/slice.js';
import { fill } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { constant } from '../init/init.js';
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

export interface LSTMLayerOptions<Bi extends boolean = boolean, P extends number = number>
  extends RecurrentLayerOptions<Bi> {
  /** What the forget gates' biases add up to at the start, so that memory lasts from the first step on; default: as the others. */
  forgetBias?: number;
  /** Elements of an output, made of the hidden ones by weightHrL0 [proj, hidden]; ≥ 1; default hiddenSize, without a product. */
  projSize?: P;
}
export interface LSTMCellOptions extends RecurrentWeightOptions, Pick<LSTMLayerOptions, 'forgetBias'> {}

/** Beyond any sum of a gate that still learns: σ is 0 or 1, and its slope 0. */
const shut = 1e4;

const direction: Direction = (x, { weightIh, weightHh, biasIh, biasHh, weightHr, reverse, ended }, [h0, c0]) => {
  const options = { biasIh, biasHh, weightHr, state: h0 && c0 && ([h0, c0] as const), reverse };
  if (ended === undefined) {
    const [output, [h, c]] = lstm(x, weightIh, weightHh, options);
    return [output, [h, c]];
  }
  // Where a sequence has ended, one more input shuts the input gate and opens the forget gate: the cell stays as it is.
  const [rows, hidden] = [weightIh.shape[0], weightIh.shape[0] / 4];
  const gates = [fill([hidden, 1], -shut, weightIh.dtype), fill([hidden, 1], shut, weightIh.dtype)];
  const column = concat([...gates, fill([rows / 2, 1], 0, weightIh.dtype)]);
  const [output, [h, c]] = lstm(concat([x, ended()], 2), concat([weightIh, column], 1), weightHh, options);
  return [output, [h, c]];
};

/**
 * Layers of long short-term memory; see the op `lstm`. [steps, batch, in] → [steps, batch, directions · hidden].
 *
 *     const memory = new nn.LSTM(64, 256);
 *     const [output, [h, c]] = memory.forward(x);            // [32, 8, 64] → [32, 8, 256], [1, 8, 256] twice
 *     const [more] = memory.forward(next, [h.detach(), c.detach()]);
 *     const [texts] = memory.forward(x, undefined, { lengths: [32, 7, 19, 4, 30, 11, 8, 25] });
 *
 * weightIhL0 [4 · hidden, in], weightHhL0 [4 · hidden, hidden], biasIhL0 and biasHhL0 [4 · hidden] start uniform in
 * ±1 / √hidden; so do those of the other layers (`…L1`) and directions (`…L0Reverse`).
 *
 * @source forgetBias: Jozefowicz, Zaremba, Sutskever 2015, "An empirical exploration of recurrent network architectures"
 */
export class LSTM<
  const In extends number = any,
  const H extends number = any,
  const Bi extends boolean = false,
  const P extends number = H,
> extends RecurrentLayer<In, H> {
  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of c, and of h without projSize; whole, ≥ 1
   * @throws ValueError "LSTM: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, { forgetBias, projSize, ...options }: LSTMLayerOptions<Bi, P> = {}) {
    super({ gates: 4, states: ['h0', 'c0'], projSize }, inputSize, hiddenSize, options);
    openForgetGates('LSTM', hiddenSize, forgetBias, this.namedParameters());
  }

  /**
   * @param x      [steps, batch, in], [batch, steps, in] with batchFirst, [steps, in], or packed sequences
   * @param state  h0 and c0, [layers · directions, batch, hidden] each, without batch as x; default the learned ones, or 0
   * @returns      the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last h and c of
   *               every layer and direction, laid out as h0 and c0
   * @throws ShapeError "LSTM: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<X extends Steps>(
    x: RecurrentInput<X, In>,
    state?: readonly [h0: Tensor, c0: Tensor],
    options?: RecurrentCallOptions,
  ): [output: RecurrentOutput<X, In, Width<P, Bi>>, state: [h: RecurrentState<X, P>, c: RecurrentState<X, H>]] {
    const [output, [h, c]] = this.run(x, state, direction, options);
    return [output, [h, c]];
  }
}

/** One step of an LSTM. [batch, in], [batch, hidden] twice → [batch, hidden] twice. */
export class LSTMCell<const In extends number = any, const H extends number = any> extends RecurrentCell<In, H> {
  /** @param options  as those of the layer */
  constructor(inputSize: In, hiddenSize: H, { forgetBias, ...options }: LSTMCellOptions = {}) {
    super(4, inputSize, hiddenSize, options);
    openForgetGates('LSTMCell', hiddenSize, forgetBias, this.namedParameters());
  }

  /**
   * @param x      [batch, in] or [in]
   * @param state  h0 and c0, [batch, hidden] each, without batch as x; default 0
   * @throws ShapeError "LSTMCell: x must have the axes [batch, 4] or [4]; got [3, 5]"
   */
  forward<S extends Shape, D extends DType>(
    x: CellInput<S, D, In>,
    state?: readonly [h0: Tensor, c0: Tensor],
  ): [h: CellState<S, D, In, H>, c: CellState<S, D, In, H>] {
    const [h, c] = this.step(x, state ? { h0: state[0], c0: state[1] } : {}, direction);
    return [h, c];
  }
}

/** Starts the forget gates' parts of biases: those of the inputs at what is wanted, the others at 0. */
function openForgetGates(
  name: string,
  hidden: number,
  forgetBias: number | undefined,
  parameters: readonly [name: string, parameter: Tensor][],
): void {
  if (forgetBias === undefined) return;
  checkFinite(name, 'forgetBias', forgetBias);
  for (const [key, bias] of parameters) {
    if (!key.startsWith('bias_')) continue;
    constant(slice(bias.detach(), [hidden, 2 * hidden]), key.startsWith('bias_ih') ? forgetBias : 0);
  }
}
