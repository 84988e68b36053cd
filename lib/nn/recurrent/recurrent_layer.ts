import { checkFraction, checkWhole } from '../../core/check.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { show } from '../../core/shape.js';
import type { Checked, Mismatch, Ranked, Result, Same, Shape, Show } from '../../core/types.js';
import { dropout } from '../../ops/random/dropout.js';
import type { RecurrentOptions } from '../../ops/recurrent/recurrent.js';
import { concat } from '../../ops/shape/concat.js';
import { permute } from '../../ops/shape/permute.js';
import { slice } from '../../ops/shape/slice.js';
import { squeeze } from '../../ops/shape/squeeze.js';
import { stack } from '../../ops/shape/stack.js';
import { unsqueeze } from '../../ops/shape/unsqueeze.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Initializer, uniform } from '../init/init.js';
import { Module } from '../module.js';
import { newParameter, type ParameterOptions } from '../parameter.js';

/** The generator is dropout's too. */
export interface RecurrentLayerOptions<Bi extends boolean = boolean> extends ParameterOptions {
  /** Layers on top of each other, each taking all steps of the one below; ≥ 1; default 1. */
  numLayers?: number;
  /** Add biases; default true. */
  bias?: boolean;
  /** x and the output are [batch, steps, …] instead of [steps, batch, …]; default false. States stay as they are. */
  batchFirst?: boolean;
  /** In training, the probability with which an element between two layers is set to 0; within 0 … 1; default 0. */
  dropout?: number;
  /** Have a second direction from the last step to the first, whose outputs stand beside the first's; default false. */
  bidirectional?: Bi;
}

/** The output of a recurrent layer: x with its last axis replaced. */
export type RecurrentShape<S extends Shape, In extends number, Out extends number> =
  Ranked<S> extends false
    ? any
    : S extends readonly [number, infer K extends number] | readonly [number, number, infer K extends number]
      ? [Same<K, In>] extends [never]
        ? Mismatch<`the last axis of [${Show<S>}] must have the ${In} elements that the layer takes`>
        : S extends readonly [...infer P extends Shape, number]
          ? [...P, Out]
          : never
      : Mismatch<'a recurrent layer takes [steps, batch, in] or [steps, in]'>;

/** Its state: one for every layer and direction. */
export type StateShape<S extends Shape, H extends number> =
  Ranked<S> extends false ? any : S['length'] extends 2 ? [number, H] : [number, number, H];

/** Elements of an output: two directions have twice as many as a state, a number that types cannot tell. */
export type Width<H extends number, Bi extends boolean> = Bi extends true ? number : H;

export type RecurrentInput<S extends Shape, D extends DType, In extends number> = Tensor<S, D> &
  Checked<RecurrentShape<S, In, number>>;
export type RecurrentOutput<S extends Shape, D extends DType, In extends number, Out extends number> = Tensor<
  Result<RecurrentShape<S, In, Out>>,
  Floating<Promoted<D, 'float32'>>
>;
export type RecurrentState<S extends Shape, D extends DType, H extends number> = Tensor<
  StateShape<S, H>,
  Floating<Promoted<D, 'float32'>>
>;

/** The parameters of one layer and direction. */
export interface Weights extends RecurrentOptions {
  weightIh: Tensor;
  weightHh: Tensor;
  reverse: boolean;
}

/** One layer and direction: its outputs of all steps, and what is left of its states. */
export type Direction = (x: Tensor, weights: Weights, states: readonly Tensor[]) => [output: Tensor, left: Tensor[]];

/** What RNN, LSTM and GRU share: layers and directions, their parameters, and how inputs and states are laid out. */
export abstract class Recurrent<In extends number, H extends number> extends Module {
  /** Of layer k: `weightIhLk` [gates · hidden, in] and `weightHhLk` [gates · hidden, hidden]; of the second direction: `…Reverse`. */
  readonly [weight: `weight${'Ih' | 'Hh'}L${number}${'' | 'Reverse'}`]: Tensor;
  /** `biasIhLk` and `biasHhLk` [gates · hidden]; none without bias. */
  readonly [bias: `bias${'Ih' | 'Hh'}L${number}${'' | 'Reverse'}`]: Tensor | undefined;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly #generator: Generator | undefined;

  constructor(
    gates: number,
    readonly inputSize: In,
    readonly hiddenSize: H,
    options: RecurrentLayerOptions,
  ) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false } = options;
    const name = new.target.name;
    checkWhole(name, 'inputSize', inputSize, 1);
    checkWhole(name, 'hiddenSize', hiddenSize, 1);
    checkWhole(name, 'numLayers', numLayers, 1);
    checkFraction(name, 'dropout', dropout);
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.#generator = options.generator;
    const rows = gates * hiddenSize;
    const bound = 1 / Math.sqrt(hiddenSize);
    for (const { layer, suffix } of this.#directions()) {
      const columns = layer === 0 ? inputSize : this.#width;
      const shapes = { weightIh: [rows, columns], weightHh: [rows, hiddenSize], biasIh: [rows], biasHh: [rows] };
      for (const [kind, shape] of Object.entries(shapes)) {
        if (kind.startsWith('bias') && !bias) continue;
        const initialise: Initializer = (tensor, options) => uniform(tensor, { low: -bound, high: bound, ...options });
        Object.assign(this, { [kind + suffix]: newParameter(shape, initialise, options) });
      }
    }
  }

  /** Elements of an output. */
  get #width(): number {
    return this.hiddenSize * (this.bidirectional ? 2 : 1);
  }

  /** Every layer's directions, in the order of states and parameters. */
  #directions(): { layer: number; reverse: boolean; suffix: `L${number}${'' | 'Reverse'}` }[] {
    const ways = this.bidirectional ? [false, true] : [false];
    return Array.from({ length: this.numLayers }, (_, layer) =>
      ways.map((reverse) => ({ layer, reverse, suffix: `L${layer}${reverse ? 'Reverse' : ''}` as const })),
    ).flat();
  }

  /**
   * Runs all layers.
   *
   * @param states  by name, each [layers · directions, batch, hidden], or [layers · directions, hidden] beside an x without
   *                batch; all or none
   * @returns       the output, and what is left of each state, laid out as they are given
   */
  protected run(
    x: Tensor,
    states: Readonly<Record<string, Tensor>>,
    direction: Direction,
  ): [output: Tensor, left: Tensor[]] {
    const directions = this.#directions();
    this.#check(x, states, directions.length);
    const single = x.rank === 2;
    const addBatch = (y: Tensor): Tensor => (single ? unsqueeze(y, 1) : y);
    const dropBatch = (y: Tensor): Tensor => (single ? squeeze(y, 1) : y);
    const swap = (y: Tensor): Tensor => (this.batchFirst && !single ? permute(y, [1, 0, 2]) : y);

    const given = Object.values(states).map(addBatch);
    const left: Tensor[][] = [];
    let input = addBatch(swap(x));
    for (let layer = 0; layer < this.numLayers; layer++) {
      const outputs: Tensor[] = [];
      for (const { reverse, suffix } of directions.filter((one) => one.layer === layer)) {
        const weights = {
          weightIh: this[`weightIh${suffix}`] as Tensor,
          weightHh: this[`weightHh${suffix}`] as Tensor,
          biasIh: this[`biasIh${suffix}`],
          biasHh: this[`biasHh${suffix}`],
          reverse,
        };
        const [output, rest] = direction(
          input,
          weights,
          given.map((state) => slice(state, left.length)),
        );
        outputs.push(output);
        left.push(rest);
      }
      input = outputs.length === 1 ? outputs[0] : concat(outputs, 2);
      if (layer < this.numLayers - 1 && this.dropout > 0) {
        input = dropout(input, this.dropout, { generator: this.#generator, training: this.training });
      }
    }
    return [swap(dropBatch(input)), left[0].map((_, i) => dropBatch(stack(left.map((each) => each[i]))))];
  }

  #check(x: Tensor, states: Readonly<Record<string, Tensor>>, count: number): void {
    const { constructor, batchFirst, inputSize, hiddenSize } = this;
    const [steps, batch] = batchFirst ? [1, 0] : [0, 1];
    const single = x.rank === 2;
    if ((!single && x.rank !== 3) || x.shape[x.rank - 1] !== inputSize || x.shape[single ? 0 : steps] === 0) {
      const axes = batchFirst ? 'batch, steps' : 'steps, batch';
      throw new ShapeError(
        `${constructor.name}: x must have the axes [${axes}, ${inputSize}] or [steps, ${inputSize}] and at least one step; got ${show(x.shape)}`,
      );
    }
    const wanted: number[] = [count, ...(single ? [] : [x.shape[batch]]), hiddenSize];
    for (const [name, { shape }] of Object.entries(states)) {
      if (shape.length !== wanted.length || shape.some((size: number, axis: number) => size !== wanted[axis])) {
        throw new ShapeError(
          `${constructor.name}: ${name} must be ${show(wanted)}, [layers · directions, ${single ? '' : 'batch, '}hidden] for x ${show(x.shape)}; got ${show(shape)}`,
        );
      }
    }
  }
}
