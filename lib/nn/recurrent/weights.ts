import { checkOneOf } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import { slice } from '../../ops/shape/slice.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Initializer, uniform } from '../init/init.js';
import { orthogonal } from '../init/orthogonal.js';
import { newParameter, type ParameterOptions } from '../parameter.js';

export interface RecurrentWeightOptions extends ParameterOptions {
  /** Add biases: two for each gate as PyTorch has it, 'single' for biasIh alone, or none; default true. */
  bias?: boolean | 'single';
  /**
   * How weightHh starts: 'uniform' in ±1 / √hidden as the others, or 'orthogonal', each gate's part, which keeps the state's
   * length at first; default 'uniform'. Source of the latter: Saxe, McClelland, Ganguli 2013, arXiv:1312.6120.
   */
  recurrentInit?: 'uniform' | 'orthogonal';
}

/** The parameters of one layer and direction, or of a cell. */
export interface Weights {
  /** [gates · hidden, in] */
  readonly weightIh: Tensor;
  /** [gates · hidden, hidden], or [gates · hidden, proj] */
  readonly weightHh: Tensor;
  /** [gates · hidden] */
  readonly biasIh?: Tensor | undefined;
  /** [gates · hidden] */
  readonly biasHh?: Tensor | undefined;
  /** [proj, hidden] */
  readonly weightHr?: Tensor | undefined;
}

export interface WeightSizes {
  gates: number;
  inputs: number;
  hidden: number;
  proj?: number | undefined;
}

/** Parameters, uniform in ±1 / √hidden. */
export function newWeights(
  name: string,
  { gates, inputs, hidden, proj }: WeightSizes,
  { bias = true, recurrentInit = 'uniform', ...options }: RecurrentWeightOptions,
): Weights {
  checkOneOf(name, 'recurrentInit', recurrentInit, ['uniform', 'orthogonal']);
  if (typeof bias !== 'boolean' && bias !== 'single') {
    throw new ValueError(`${name}: bias must be true, false or 'single'; got '${String(bias)}'`);
  }
  const bound = 1 / Math.sqrt(hidden);
  const between: Initializer = (tensor, options) => uniform(tensor, { low: -bound, high: bound, ...options });
  const eachGate: Initializer = (tensor, options) => {
    for (let gate = 0; gate < gates; gate++) orthogonal(slice(tensor, [gate * hidden, (gate + 1) * hidden]), options);
    return tensor;
  };
  const rows = gates * hidden;
  const vector = (): Tensor => newParameter([rows], between, options);
  return {
    weightIh: newParameter([rows, inputs], between, options),
    weightHh: newParameter([rows, proj ?? hidden], recurrentInit === 'uniform' ? between : eachGate, options),
    biasIh: bias ? vector() : undefined,
    biasHh: bias === true ? vector() : undefined,
    weightHr: proj === undefined ? undefined : newParameter([proj, hidden], between, options),
  };
}

/** What a direction is told: its weights, and how it goes. */
export interface Way extends Weights {
  readonly reverse?: boolean;
  /** 1 at steps that are to leave states be which are no outputs, else 0, as x but for one element; default 0. */
  readonly ended?: () => Tensor;
}

/** One layer and direction: its outputs of all steps, and what is left of its states, of which the first is an output. */
export type Direction = (x: Tensor, way: Way, states: readonly Tensor[]) => [output: Tensor, left: Tensor[]];
