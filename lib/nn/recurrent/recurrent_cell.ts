import { checkWhole } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkShapes } from '../../ops/check.js';
import { squeeze } from '../../ops/shape/squeeze.js';
import { unsqueeze } from '../../ops/shape/unsqueeze.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { type Direction, newWeights, type RecurrentWeightOptions, type Weights } from './weights.js';

/** What the cells share: one step of a layer with one direction, whose parameters have the layer's names and initial values. */
export abstract class RecurrentCell<In extends number, H extends number> extends Module implements Weights {
  /** [gates · hidden, in] */
  declare readonly weightIh: Tensor;
  /** [gates · hidden, hidden] */
  declare readonly weightHh: Tensor;
  /** [gates · hidden]; none without bias. */
  declare readonly biasIh?: Tensor;
  /** [gates · hidden]; none without bias, or with a single one. */
  declare readonly biasHh?: Tensor;
  readonly bias: boolean | 'single';

  constructor(
    gates: number,
    readonly inputSize: In,
    readonly hiddenSize: H,
    options: RecurrentWeightOptions,
  ) {
    super();
    const name = new.target.name;
    checkWhole(name, 'inputSize', inputSize, 1);
    checkWhole(name, 'hiddenSize', hiddenSize, 1);
    this.bias = options.bias ?? true;
    const weights = newWeights(name, { gates, inputs: inputSize, hidden: hiddenSize }, options);
    for (const [kind, weight] of Object.entries(weights)) {
      if (weight !== undefined) Object.assign(this, { [kind]: weight });
    }
  }

  /**
   * Runs one step on [batch, in] or [in].
   *
   * @param states  by name, [batch, hidden] each, without batch as x; all or none
   */
  protected step(x: Tensor, states: Readonly<Record<string, Tensor>>, direction: Direction): Tensor[] {
    const { inputSize, hiddenSize } = this;
    const name = this.constructor.name;
    checkTensor(name, x);
    const single = x.rank === 1;
    if ((!single && x.rank !== 2) || x.shape[x.rank - 1] !== inputSize) {
      throw new ShapeError(
        `${name}: x must have the axes [batch, ${inputSize}] or [${inputSize}]; got ${show(x.shape)}`,
      );
    }
    const wanted = single ? [hiddenSize] : [x.shape[0], hiddenSize];
    checkShapes(name, states, wanted, () => `[${single ? '' : 'batch, '}hidden] for x ${show(x.shape)}`);
    const addBatch = (y: Tensor): Tensor => (single ? unsqueeze(y, 0) : y);
    const { weightIh, weightHh, biasIh, biasHh } = this;
    const weights = { weightIh, weightHh, biasIh, biasHh };
    const [, left] = direction(unsqueeze(addBatch(x), 0), weights, Object.values(states).map(addBatch));
    return single ? left.map((state) => squeeze(state, 0)) : left;
  }
}
