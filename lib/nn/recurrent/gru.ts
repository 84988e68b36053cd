import { checkOneOf } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import type { Shape } from '../../core/types.js';
import { type GruOptions, gru } from '../../ops/recurrent/gru.js';
import type { Tensor } from '../../tensor/tensor.js';
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

/** Which of the literature's units it is; see the op `gru`. */
export type GRUForm = Pick<GruOptions, 'zWeights' | 'resetAfter'>;
export type GRULayerOptions<Bi extends boolean = boolean> = RecurrentLayerOptions<Bi> & GRUForm;
export type GRUCellOptions = RecurrentWeightOptions & GRUForm;

const direction =
  ({ zWeights, resetAfter }: GRUForm): Direction =>
  (x, { weightIh, weightHh, biasIh, biasHh, reverse }, [h0]) => {
    const [output, h] = gru(x, weightIh, weightHh, { biasIh, biasHh, h0, reverse, zWeights, resetAfter });
    return [output, [h]];
  };

/**
 * Layers of gated recurrent units; see the op `gru`. [steps, batch, in] → [steps, batch, directions · hidden].
 *
 *     // As in lecture notes 004, lines 6301–6313, and many others.
 *     new nn.GRU(64, 256, { zWeights: 'candidate', resetAfter: false, bias: 'single' });
 *
 * weightIhL0 [3 · hidden, in], weightHhL0 [3 · hidden, hidden], biasIhL0 and biasHhL0 [3 · hidden] start uniform in
 * ±1 / √hidden; so do those of the other layers (`…L1`) and directions (`…L0Reverse`).
 */
export class GRU<
  const In extends number = any,
  const H extends number = any,
  const Bi extends boolean = false,
> extends RecurrentLayer<In, H> {
  readonly zWeights: GRUForm['zWeights'];
  readonly resetAfter: GRUForm['resetAfter'];

  /**
   * @param inputSize   elements of x at a step; whole, ≥ 1
   * @param hiddenSize  elements of the state; whole, ≥ 1
   * @throws ValueError "GRU: hiddenSize must be a whole number ≥ 1; got 0"
   */
  constructor(inputSize: In, hiddenSize: H, { zWeights, resetAfter, ...options }: GRULayerOptions<Bi> = {}) {
    super({ gates: 3, states: ['h0'] }, inputSize, hiddenSize, options);
    checkForm('GRU', zWeights);
    this.zWeights = zWeights;
    this.resetAfter = resetAfter;
  }

  /**
   * @param x   [steps, batch, in], [batch, steps, in] with batchFirst, [steps, in], or packed sequences
   * @param h0  [layers · directions, batch, hidden], without batch as x; default the learned state, or 0
   * @returns   the last layer's output of all steps, [steps, batch, directions · hidden] laid out as x, and the last state of
   *            every layer and direction, laid out as h0
   * @throws ShapeError "GRU: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]"
   */
  forward<X extends Steps>(
    x: RecurrentInput<X, In>,
    h0?: Tensor,
    options?: RecurrentCallOptions,
  ): [output: RecurrentOutput<X, In, Width<H, Bi>>, h: RecurrentState<X, H>] {
    const [output, [h]] = this.run(x, h0 && [h0], direction(this), options);
    return [output, h];
  }
}

/** One step of a GRU. [batch, in], [batch, hidden] → [batch, hidden]. */
export class GRUCell<const In extends number = any, const H extends number = any> extends RecurrentCell<In, H> {
  readonly zWeights: GRUForm['zWeights'];
  readonly resetAfter: GRUForm['resetAfter'];

  /** @param options  as those of the layer */
  constructor(inputSize: In, hiddenSize: H, { zWeights, resetAfter, ...options }: GRUCellOptions = {}) {
    super(3, inputSize, hiddenSize, options);
    checkForm('GRUCell', zWeights);
    this.zWeights = zWeights;
    this.resetAfter = resetAfter;
  }

  /**
   * @param x   [batch, in] or [in]
   * @param h0  [batch, hidden], without batch as x; default 0
   * @throws ShapeError "GRUCell: x must have the axes [batch, 4] or [4]; got [3, 5]"
   */
  forward<S extends Shape, D extends DType>(x: CellInput<S, D, In>, h0?: Tensor): CellState<S, D, In, H> {
    const [h] = this.step(x, h0 ? { h0 } : {}, direction(this));
    return h;
  }
}

function checkForm(name: string, zWeights: GRUForm['zWeights']): void {
  if (zWeights !== undefined) checkOneOf(name, 'zWeights', zWeights, ['state', 'candidate']);
}
