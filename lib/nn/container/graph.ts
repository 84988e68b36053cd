import { checkArray, checkInstance, checkWhole } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import type { Checked, Result, Shape } from '../../core/types.js';
import { zeros } from '../../tensor/create.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { withoutMemory } from '../../tensor/without_memory.js';
import { byShapes } from '../by_shapes.js';
import { Module } from '../module.js';
import type { Chain } from '../shape_rule.js';

type Step = Module | ((...values: any[]) => unknown);

/** What sizes that are open are taken for while a graph is made: enough for some pooling. */
const anySize = 64;

/** A value that a graph will have: of shape S, where that is known. Made by `input` and `call`. */
export class GraphValue<S extends Shape = any> {
  declare readonly shape?: S;
  static #count = 0;
  /** No value comes before those that it is made of. */
  readonly id = GraphValue.#count++;

  constructor(
    /** What computes it; null for an input. */
    readonly step: Step | null,
    readonly operands: readonly GraphValue[],
    readonly options: CallOptions,
    /** Of the sizes that were tried, without memory. */
    readonly example: unknown,
  ) {}
}

export interface CallOptions {
  /** Of the layer in the graph; default its class in snake_case, and from the second of a class on its number. */
  name?: string;
  /** What the forward pass gets behind the values: masks, for one. */
  args?: readonly unknown[];
}

/** A shape with null where any size will do. */
type Open = readonly (number | null)[];
type Sizes<S extends Open> = { -readonly [K in keyof S]: S[K] extends number ? S[K] : number };

/**
 * An input of a graph.
 *
 *     nn.input([null, 3, 32, 32])
 *
 * @param shape  null where any size will do: the batch, for one
 * @param dtype  default 'float32'
 */
export function input<const S extends Open>(shape: S, dtype: DType = 'float32'): GraphValue<Sizes<S>> {
  checkArray('input', 'the shape', shape);
  for (const size of shape) if (size !== null) checkWhole('input', 'a size', size, 0);
  const example = withoutMemory(() =>
    zeros(
      shape.map((size) => size ?? anySize),
      { dtype },
    ),
  );
  return new GraphValue(null, [], {}, example);
}

/**
 * What a layer, or a function of tensors, makes of values of a graph. Shapes that do not fit are errors here, at the line
 * that joins them.
 *
 *     const features = nn.call(convolution, image);
 *     const joined = nn.call((a: Tensor, b: Tensor) => concat([a, b], 1), [features, other]);
 *
 * @param layer   a layer called several times is shared: its weights are the graph's once. A function may not use layers
 *                of its own, since nobody could find their weights
 * @param values  one, or several for a forward pass of several inputs
 */
export function call<const L extends Module, S extends Shape>(
  layer: L,
  values: GraphValue<S> & Checked<Chain<readonly [L], S>>,
  options?: CallOptions,
): GraphValue<Result<Chain<readonly [L], S>>>;
export function call(layer: Module, values: readonly GraphValue[], options?: CallOptions): GraphValue;
export function call<F extends (...values: any[]) => unknown>(
  layer: F,
  values: GraphValue | readonly GraphValue[],
  options?: CallOptions,
): GraphValue<ReturnType<F> extends Tensor<infer S> ? S : any>;
export function call(layer: Step, values: GraphValue | readonly GraphValue[], options: CallOptions = {}): GraphValue {
  const operands = values instanceof GraphValue ? [values] : values;
  if (!Array.isArray(operands) || !operands.every((value) => value instanceof GraphValue)) {
    throw new ValueError('call: values must be those of a graph; got something else; begin with nn.input(shape)');
  }
  const { name, args = [] } = options;
  if (name !== undefined && !/^[A-Za-z]\w*$/.test(name)) {
    throw new ValueError(`call: a name must be of letters, digits and _; got '${name}'`);
  }
  const examples = operands.map(({ example }) => example);
  const example =
    layer instanceof Module
      ? byShapes(layer, () => layer.forward(...examples, ...args))
      : withoutMemory(() => noGrad(() => layer(...examples, ...args)));
  return new GraphValue(layer, operands, options, example);
}

type Values = GraphValue | readonly GraphValue[];
type TensorOf<V> = V extends GraphValue<infer S> ? Tensor<S> : never;
/** The tensors in the place of a graph's values. */
type TensorsOf<V extends Values> = V extends readonly GraphValue[]
  ? { -readonly [K in keyof V]: TensorOf<V[K]> }
  : TensorOf<V>;

/**
 * A network of any form, from its inputs to its outputs: branches, several inputs and outputs, layers that are shared.
 *
 *     const [left, right] = [nn.input([null, 8]), nn.input([null, 8])];
 *     const twin = new nn.Linear(8, 4);
 *     const both = nn.call((a: Tensor, b: Tensor) => a.sub(b).abs(), [nn.call(twin, left), nn.call(twin, right)]);
 *     const model = new nn.Graph([left, right], nn.call(new nn.Linear(4, 1), both, { name: 'score' }));
 *     model.forward(x, y);
 *
 * It is a module as others: in another graph, in a Sequential, saved and loaded. Its layers go by their names; the class
 * `Linear` gives `linear`, `linear_1`, … in the order of their calls: `linear.weight`, `score.weight`.
 *
 * @source Chollet and others, Keras: the functional API
 */
export class Graph<const I extends Values = any, const O extends Values = any> extends Module {
  readonly #inputs: readonly GraphValue[];
  readonly #outputs: O;
  /** All values but the inputs, each behind those that it is made of. */
  readonly #order: readonly GraphValue[];
  readonly #layers: ReadonlyMap<string, Module>;

  /**
   * @param inputs   one value or several, in the order of the forward pass
   * @param outputs  one value, or several, which make the forward pass give an array
   * @throws ValueError "Graph: the outputs must come from the inputs alone; got another input behind them; add it to inputs"
   * @throws ValueError "Graph: every input must lead to an output; got input 1, which does not; leave it out"
   * @throws ValueError "Graph: each name must be one layer's; got two of the name 'encoder'"
   */
  constructor(inputs: I, outputs: O) {
    super();
    this.#inputs = inputs instanceof GraphValue ? [inputs] : (inputs as readonly GraphValue[]);
    this.#outputs = outputs;
    for (const [name, values] of Object.entries({ inputs: this.#inputs, outputs: [outputs].flat() })) {
      checkArray('Graph', name, values);
      for (const value of values) checkInstance('Graph', `one of the ${name}`, value, GraphValue);
    }
    const found = new Set<GraphValue>(outputs instanceof GraphValue ? [outputs] : (outputs as readonly GraphValue[]));
    for (const value of found)
      for (const operand of this.#inputs.includes(value) ? [] : value.operands) found.add(operand);
    this.#inputs.forEach((value, i) => {
      if (!found.has(value)) {
        throw new ValueError(`Graph: every input must lead to an output; got input ${i}, which does not; leave it out`);
      }
    });
    this.#order = [...found].filter((value) => !this.#inputs.includes(value)).sort((a, b) => a.id - b.id);
    if (this.#order.some(({ step }) => step === null)) {
      throw new ValueError(
        'Graph: the outputs must come from the inputs alone; got another input behind them; add it to inputs',
      );
    }
    this.#layers = named(this.#order);
  }

  protected override fields(): [name: string, value: unknown][] {
    return [...this.#layers];
  }

  /** @throws ValueError "Graph: the forward pass takes 2 tensors; got 1" */
  forward(...tensors: I extends readonly GraphValue[] ? TensorsOf<I> : [TensorsOf<I>]): TensorsOf<O> {
    const given: readonly unknown[] = tensors;
    if (given.length !== this.#inputs.length) {
      throw new ValueError(`Graph: the forward pass takes ${this.#inputs.length} tensors; got ${given.length}`);
    }
    const values = new Map<GraphValue, unknown>(this.#inputs.map((value, i) => [value, given[i]]));
    for (const value of this.#order) {
      const { step, operands, options } = value;
      const operandValues = [...operands.map((operand) => values.get(operand)), ...(options.args ?? [])];
      values.set(value, step instanceof Module ? step.forward(...operandValues) : step?.(...operandValues));
    }
    const outputs: Values = this.#outputs;
    const result = outputs instanceof GraphValue ? values.get(outputs) : outputs.map((value) => values.get(value));
    return result as TensorsOf<O>;
  }
}

/** The layers by name, each once. */
function named(order: readonly GraphValue[]): Map<string, Module> {
  const names = new Map<Module, string>();
  const layers = new Map<string, Module>();
  const counts = new Map<string, number>();
  const given = new Set(order.flatMap(({ options: { name } }) => name ?? []));
  for (const { step, options } of order) {
    if (!(step instanceof Module) || (names.has(step) && options.name === undefined)) continue;
    let { name } = options;
    const kind = step.constructor.name.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();
    while (name === undefined) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      const next = count === 0 ? kind : `${kind}_${count}`;
      if (!given.has(next)) name = next;
    }
    const other = layers.get(name);
    if (other !== undefined && other !== step) {
      throw new ValueError(`Graph: each name must be one layer's; got two of the name '${name}'`);
    }
    // The first call's name stays.
    if (names.has(step)) continue;
    names.set(step, name);
    layers.set(name, step);
  }
  return layers;
}
