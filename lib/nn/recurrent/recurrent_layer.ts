import { checkFraction, checkOneOf, checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import type { Generator } from '../../core/random.js';
import { show } from '../../core/shape.js';
import { checkShapes } from '../../ops/check.js';
import { add } from '../../ops/elementwise/add.js';
import { mul } from '../../ops/elementwise/mul.js';
import { dropout } from '../../ops/random/dropout.js';
import { concat } from '../../ops/shape/concat.js';
import { expand } from '../../ops/shape/expand.js';
import { permute } from '../../ops/shape/permute.js';
import { slice } from '../../ops/shape/slice.js';
import { squeeze } from '../../ops/shape/squeeze.js';
import { stack } from '../../ops/shape/stack.js';
import { unsqueeze } from '../../ops/shape/unsqueeze.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { zeros } from '../init/init.js';
import { Module } from '../module.js';
import { newParameter } from '../parameter.js';
import { type Lengths, Ragged } from './lengths.js';
import { isPacked, padPackedSequence, withoutPadding } from './packed_sequence.js';
import type { Steps } from './recurrent_shape.js';
import { type Direction, newWeights, type RecurrentWeightOptions, type Weights } from './weights.js';

/** The generator is dropout's too. */
export interface RecurrentLayerOptions<Bi extends boolean = boolean> extends RecurrentWeightOptions {
  /** Layers on top of each other, each taking all steps of the one below; ≥ 1; default 1. */
  numLayers?: number;
  /** x and the output are [batch, steps, …] instead of [steps, batch, …]; default false. States stay as they are. */
  batchFirst?: boolean;
  /** In training, the probability with which an element between two layers is set to 0; within 0 … 1; default 0. */
  dropout?: number;
  /** Have a second direction from the last step to the first; default false. */
  bidirectional?: Bi;
  /** What the outputs of two directions become: one beside the other, their sum, product or average; default 'concat'. */
  merge?: Merge;
  /** Learn the state before the first step, which starts at 0 and serves where none is given; default false. */
  learnState?: boolean;
}

const merges = {
  concat: (outputs: Tensor[]): Tensor => concat(outputs, 2),
  sum: ([forward, backward]: Tensor[]): Tensor => add(forward, backward),
  mul: ([forward, backward]: Tensor[]): Tensor => mul(forward, backward),
  ave: ([forward, backward]: Tensor[]): Tensor => mul(add(forward, backward), 0.5),
};
export type Merge = keyof typeof merges;

export interface RecurrentCallOptions {
  /** How many steps each sequence has; default all. What is behind them is not read, and 0 in the output. */
  lengths?: Lengths | undefined;
}

/** What a kind of layer consists of. */
interface Kind {
  gates: number;
  /** The states by name, of which the first is what it puts out. */
  states: readonly string[];
  /** Elements of an output, if they are not those of a state. */
  projSize?: number | undefined;
}

/** What RNN, LSTM and GRU share: layers and directions, their parameters, and how inputs and states are laid out. */
export abstract class RecurrentLayer<In extends number, H extends number> extends Module {
  /** Of layer k: `weightIhLk` [gates · hidden, in] and `weightHhLk` [gates · hidden, hidden]; of the second direction: `…Reverse`. */
  readonly [weight: `weight${'Ih' | 'Hh'}L${number}${'' | 'Reverse'}`]: Tensor;
  /** `biasIhLk` and `biasHhLk` [gates · hidden]; none without bias. `weightHrLk` [proj, hidden] of projections. */
  readonly [other: `${'biasIh' | 'biasHh' | 'weightHr'}L${number}${'' | 'Reverse'}`]: Tensor | undefined;
  /** The learned state before the first step, [layers · directions, 1, hidden]; an LSTM's cell too. */
  readonly h0?: Tensor;
  readonly c0?: Tensor;
  readonly numLayers: number;
  readonly bias: boolean | 'single';
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly merge: Merge | undefined;
  readonly projSize: number | undefined;
  readonly #generator: Generator | undefined;
  readonly #states: readonly string[];

  constructor(
    { gates, states, projSize }: Kind,
    readonly inputSize: In,
    readonly hiddenSize: H,
    options: RecurrentLayerOptions,
  ) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false, merge } = options;
    const name = new.target.name;
    checkWhole(name, 'inputSize', inputSize, 1);
    checkWhole(name, 'hiddenSize', hiddenSize, 1);
    checkWhole(name, 'numLayers', numLayers, 1);
    if (projSize !== undefined) checkWhole(name, 'projSize', projSize, 1);
    checkFraction(name, 'dropout', dropout);
    if (merge !== undefined) {
      checkOneOf(name, 'merge', merge, Object.keys(merges));
      if (!bidirectional) {
        throw new ValueError(
          `${name}: merge joins two directions; got '${merge}' for one; pass { bidirectional: true }, or leave merge out`,
        );
      }
    }
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.merge = merge;
    this.projSize = projSize;
    this.#generator = options.generator;
    this.#states = states;
    const directions = this.#directions();
    for (const { layer, suffix } of directions) {
      const inputs = layer === 0 ? inputSize : this.#width;
      const weights = newWeights(name, { gates, inputs, hidden: hiddenSize, proj: projSize }, options);
      for (const [kind, weight] of Object.entries(weights)) {
        if (weight !== undefined) Object.assign(this, { [kind + suffix]: weight });
      }
    }
    if (options.learnState !== true) return;
    for (const state of states) {
      Object.assign(this, { [state]: newParameter([directions.length, 1, this.#sizeOf(state)], zeros, options) });
    }
  }

  /** Elements of a state. */
  #sizeOf(state: string): number {
    return state === this.#states[0] ? (this.projSize ?? this.hiddenSize) : this.hiddenSize;
  }

  /** Elements of an output. */
  get #width(): number {
    const isWide = this.bidirectional && (this.merge ?? 'concat') === 'concat';
    return this.#sizeOf(this.#states[0]) * (isWide ? 2 : 1);
  }

  /** Every layer's directions, in the order of states and parameters. */
  #directions(): { layer: number; reverse: boolean; suffix: `L${number}${'' | 'Reverse'}` }[] {
    const ways = this.bidirectional ? [false, true] : [false];
    return Array.from({ length: this.numLayers }, (_, layer) =>
      ways.map((reverse) => ({ layer, reverse, suffix: `L${layer}${reverse ? 'Reverse' : ''}` as const })),
    ).flat();
  }

  /** The parameters of a layer and direction. */
  #weights(suffix: `L${number}${'' | 'Reverse'}`): Weights {
    return {
      weightIh: this[`weightIh${suffix}`],
      weightHh: this[`weightHh${suffix}`],
      biasIh: this[`biasIh${suffix}`],
      biasHh: this[`biasHh${suffix}`],
      weightHr: this[`weightHr${suffix}`],
    };
  }

  /**
   * Runs all layers on [steps, batch, in], [batch, steps, in] with batchFirst, [steps, in], or what is packed.
   *
   * @param states  by name, each [layers · directions, batch, hidden], or [layers · directions, hidden] beside an x without
   *                batch; all or none
   * @returns       the output, and what is left of each state, laid out as they are given
   */
  protected run(
    x: Steps,
    states: readonly Tensor[] | undefined,
    direction: Direction,
    { lengths }: RecurrentCallOptions = {},
  ): [output: any, left: any[]] {
    if (isPacked(x)) {
      if (lengths)
        throw new ValueError(`${this.constructor.name}: packed sequences have their lengths; leave out the option`);
      const { data, ...layout } = x;
      const [padded, own] = padPackedSequence(x);
      this.#check(padded, states, false);
      const [output, left] = this.#runAll(padded, states, direction, own);
      return [{ data: withoutPadding(output, layout, data.shape[0]), ...layout }, left];
    }
    this.#check(x, states, this.batchFirst);
    const single = x.rank === 2;
    const addBatch = (y: Tensor): Tensor => (single ? unsqueeze(y, 1) : y);
    const dropBatch = (y: Tensor): Tensor => (single ? squeeze(y, 1) : y);
    const swap = (y: Tensor): Tensor => (this.batchFirst && !single ? permute(y, [1, 0, 2]) : y);
    const [output, left] = this.#runAll(addBatch(swap(x)), states?.map(addBatch), direction, lengths);
    return [swap(dropBatch(output)), left.map(dropBatch)];
  }

  /** Runs all layers on [steps, batch, in]; states are [layers · directions, batch, hidden]. */
  #runAll(
    x: Tensor,
    states: readonly Tensor[] | undefined,
    direction: Direction,
    lengths: Lengths | undefined,
  ): [output: Tensor, left: Tensor[]] {
    const [steps, batch] = x.shape;
    const ragged = lengths && new Ragged(this.constructor.name, lengths, steps, batch);
    const run = ragged ? ragged.each(direction) : direction;
    const first = states ?? this.#learned(batch);
    const left: Tensor[][] = [];
    let input = ragged ? ragged.masked(x) : x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      const outputs: Tensor[] = [];
      for (const { reverse, suffix } of this.#directions().filter((one) => one.layer === layer)) {
        const given = first.map((state) => slice(state, left.length));
        const [output, rest] = run(input, { ...this.#weights(suffix), reverse }, given);
        outputs.push(output);
        left.push(rest);
      }
      input = outputs.length === 1 ? outputs[0] : merges[this.merge ?? 'concat'](outputs);
      if (layer < this.numLayers - 1 && this.dropout > 0) {
        input = dropout(input, this.dropout, { generator: this.#generator, training: this.training });
      }
    }
    return [input, left[0].map((_, i) => stack(left.map((each) => each[i])))];
  }

  /** The learned states of a batch, if there are. */
  #learned(batch: number): Tensor[] {
    const learned = [this.h0, this.c0].filter((state) => state !== undefined);
    return learned.map((state: Tensor) => expand(state, [state.shape[0], batch, state.shape[2]]));
  }

  #check(x: Tensor, states: readonly Tensor[] | undefined, batchFirst: boolean): void {
    const { inputSize } = this;
    const name = this.constructor.name;
    checkTensor(name, x);
    const [steps, batch] = batchFirst ? [1, 0] : [0, 1];
    const single = x.rank === 2;
    if ((!single && x.rank !== 3) || x.shape[x.rank - 1] !== inputSize || x.shape[single ? 0 : steps] === 0) {
      const axes = batchFirst ? 'batch, steps' : 'steps, batch';
      throw new ShapeError(
        `${name}: x must have the axes [${axes}, ${inputSize}] or [steps, ${inputSize}] and at least one step; got ${show(x.shape)}`,
      );
    }
    states?.forEach((state, i) => {
      const key = this.#states[i];
      const wanted = [this.#directions().length, ...(single ? [] : [x.shape[batch]]), this.#sizeOf(key)];
      const axes = `[layers · directions, ${single ? '' : 'batch, '}hidden]`;
      checkShapes(name, { [key]: state }, wanted, () => `${axes} for x ${show(x.shape)}`);
    });
  }
}
