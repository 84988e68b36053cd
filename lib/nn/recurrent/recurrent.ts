import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { slice } from '../../ops/shape/slice.js';
import { stack } from '../../ops/shape/stack.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';

/** What one step leaves behind: one tensor, or several of which the first is its output. */
export type CellResult = Tensor | readonly Tensor[];

/** A module of one step: the input and the state before it make the state after it. */
export interface Cell<State extends CellResult = any> extends Module {
  forward(x: any, state?: State): State;
}

export interface UnrollOptions {
  /** x and the output are [batch, steps, …] instead of [steps, batch, …]; default false. */
  batchFirst?: boolean;
  /** Go from the last step to the first; default false. */
  reverse?: boolean;
}

/**
 * Any cell over all steps, such as one of your own: [steps, batch, ...] → the outputs of all steps, and what is left of the
 * state. RNN, LSTM and GRU do the same with less memory and time for the cells that they have.
 *
 *     new nn.Recurrent(new nn.JordanCell(1, 16, 1))
 */
export class Recurrent<const C extends Cell = Cell> extends Module {
  readonly batchFirst: boolean;
  readonly reverse: boolean;

  constructor(
    readonly cell: C,
    { batchFirst = false, reverse = false }: UnrollOptions = {},
  ) {
    super();
    this.batchFirst = batchFirst;
    this.reverse = reverse;
  }

  /**
   * @param x      [steps, batch, ...], or [batch, steps, ...] with batchFirst
   * @param state  before the first step, as the cell takes it; default the cell's own
   * @throws ShapeError "Recurrent: x must have the axes [steps, batch, ...] and at least one step; got [0, 2, 3]"
   */
  forward(x: Tensor, state?: ReturnType<C['forward']>): [output: Tensor, state: ReturnType<C['forward']>] {
    checkTensor('Recurrent', x);
    const time = Number(this.batchFirst);
    if (x.rank < 2 || x.shape[time] === 0) {
      const axes = this.batchFirst ? 'batch, steps' : 'steps, batch';
      throw new ShapeError(
        `Recurrent: x must have the axes [${axes}, ...] and at least one step; got ${show(x.shape)}`,
      );
    }
    const steps: number = x.shape[time];
    const outputs = new Array<Tensor>(steps);
    let left: CellResult | undefined = state;
    for (let i = 0; i < steps; i++) {
      const t = this.reverse ? steps - 1 - i : i;
      left = (this.cell as Cell).forward(this.batchFirst ? slice(x, null, t) : slice(x, t), left) as CellResult;
      outputs[t] = left instanceof Tensor ? left : left[0];
    }
    return [stack(outputs, time), left as ReturnType<C['forward']>];
  }
}
