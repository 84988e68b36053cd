import { run } from '../backend/index.js';
import { checkInstance, checkIterable } from '../core/check.js';
import { isFloat } from '../core/dtype.js';
import { DTypeError, FormatError, ShapeError, StateError, ValueError } from '../core/errors.js';
import { withRecorder } from '../core/recording.js';
import { sameShape, show } from '../core/shape.js';
import { allocateKept, Storage } from '../core/storage.js';
import { Tensor } from '../tensor/tensor.js';
import { checkNames, checkRanges } from './hyperparameters.js';

/** What every optimiser has: a learning rate, which schedules change. */
export interface OptimizerOptions {
  /** Learning rate; ≥ 0. */
  lr: number;
}

/** Parameters that share their options; `groups` of an optimiser. */
export type Group<O> = O & { parameters: readonly Tensor[] };

/** Tensors to optimise, or groups of them with options of their own: `[{ parameters: head, lr: 1e-3 }, …]`. */
export type OptimizerInput<O> = Iterable<Tensor> | Iterable<Partial<O> & { parameters: Iterable<Tensor> }>;

/**
 * An optimiser's state, apart from the parameters' values: `groups` and `numbers` are JSON, `tensors` fit a safetensors
 * file. A parameter is known by its position among all groups' parameters: '0.expAvg' is the first one's first moment.
 */
export interface OptimizerState<O = OptimizerOptions> {
  groups: (O & { parameters: number[] })[];
  numbers: Record<string, number>;
  tensors: Record<string, Tensor>;
}

/** What an optimiser remembers about one parameter, by name. */
export interface Slots {
  numbers: Record<string, number>;
  tensors: Record<string, Tensor>;
}

/** Computes a loss and the gradients of all parameters anew: zeroGrad, loss, backward; returns the loss. */
export type Closure = () => Tensor;

/**
 * Changes parameters by their gradients; knows their groups, options and state. The options' names are PyTorch's in
 * camelCase. A rule that treats each parameter by itself is a subclass of FirstOrder.
 *
 *     const optimizer = new SGD(model.parameters(), { lr: 0.1 });
 *     optimizer.zeroGrad();
 *     loss(model.forward(x), y).backward();
 *     optimizer.step();
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** Parameters by group, with options that may be changed between steps; a schedule changes `lr`. */
  readonly groups: readonly Group<O>[];
  protected readonly name: string;
  readonly #defaults: O;
  readonly #slots = new Map<Tensor, Slots>();
  /** How often groups or slots were replaced: by a state that was loaded, by a reset, by another group. */
  protected changes = 0;

  /**
   * @param name      the optimiser's name, for errors
   * @param defaults  every option with its default
   * @throws ValueError for an option out of its range, no parameters, or one given twice; StateError for a parameter that
   *         is a result; DTypeError for one that is neither float32 nor float64
   */
  constructor(name: string, input: OptimizerInput<O>, defaults: O, options: Partial<O>) {
    checkNames(name, options, defaults);
    this.name = name;
    this.#defaults = { ...defaults, ...options };
    this.groups = asGroups(name, input).map((given) => this.#groupOf(name, given));
    checkParameters(name, this.parameters());
  }

  /**
   * Adds parameters that are to be optimised from now on, thawed layers for instance, with options of their own. A schedule
   * takes the new group's options as its base.
   *
   * @throws as the constructor
   */
  addGroup(group: Partial<O> & { parameters: Iterable<Tensor> }): void {
    const op = `${this.name}.addGroup`;
    const [given] = asGroups<O>(op, [group]);
    const added = this.#groupOf(op, given);
    checkParameters(op, added.parameters, this.parameters());
    this.changes++;
    (this.groups as Group<O>[]).push(added);
  }

  /** Forgets everything but the options: the next step is the first again. */
  reset(): void {
    this.changes++;
    this.#slots.clear();
  }

  /** Every parameter, group by group. */
  parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }

  /**
   * Changes the parameters by their gradients. A closure computes these: it does zeroGrad, the loss and backward, and
   * returns the loss, which `step` returns in turn. First-order rules do without one if backward has run; L-BFGS cannot.
   */
  abstract step(closure: Closure): Tensor;
  abstract step(closure?: Closure): Tensor | undefined;

  /** Forgets the gradients, so that the next backward starts from none. */
  zeroGrad(): void {
    for (const { parameters } of this.groups) for (const parameter of parameters) parameter.grad = null;
  }

  /** A copy of what a checkpoint must keep to go on exactly as if it had not stopped. */
  stateDict(): OptimizerState<O> {
    const parameters = this.parameters();
    const position = new Map(parameters.map((parameter, i) => [parameter, i]));
    const state: OptimizerState<O> = {
      groups: this.groups.map((group) => ({
        ...structuredClone({ ...group, parameters: [] }),
        parameters: group.parameters.map((parameter) => position.get(parameter) as number),
      })),
      numbers: {},
      tensors: {},
    };
    parameters.forEach((parameter, i) => {
      const { numbers, tensors } = this.slotsOf(parameter);
      for (const name in numbers) state.numbers[`${i}.${name}`] = numbers[name];
      for (const name in tensors) state.tensors[`${i}.${name}`] = tensors[name].clone();
    });
    return state;
  }

  /**
   * Takes over a state that `stateDict` of the same kind of optimiser gave, for parameters of the same shapes in the same
   * order. Nothing changes if it does not fit.
   *
   * @throws FormatError if the groups, options or names differ; ShapeError, DTypeError for a state tensor unlike its
   *         parameter
   */
  loadStateDict({ groups, numbers, tensors }: OptimizerState<O>): void {
    const op = `${this.name}.loadStateDict`;
    this.#checkGroups(op, groups);
    const parameters = this.parameters();
    const loaded = parameters.map((): Slots => ({ numbers: {}, tensors: {} }));
    for (const [key, value] of Object.entries(numbers)) {
      const [i, name] = splitKey(op, key, parameters.length);
      if (typeof value !== 'number') throw new FormatError(`${op}: ${key} must be a number; got ${typeof value}`);
      loaded[i].numbers[name] = value;
    }
    for (const [key, value] of Object.entries(tensors)) {
      const [i, name] = splitKey(op, key, parameters.length);
      checkStateTensor(op, key, parameters[i], value);
      loaded[i].tensors[name] = keptLike(parameters[i], value);
    }
    this.changes++;
    groups.forEach(({ parameters: _, ...options }, i) => {
      Object.assign(this.groups[i], structuredClone(options));
    });
    parameters.forEach((parameter, i) => {
      this.#slots.set(parameter, loaded[i]);
    });
  }

  /** Throws a ValueError for an option out of its range. Called by the constructor, so fields are not there yet. */
  protected check(op: string, options: O): void {
    checkRanges(op, options);
  }

  #groupOf(op: string, given: GivenGroup<O>): Group<O> {
    checkNames(op, given, { ...this.#defaults, parameters: [] });
    const group = { ...this.#defaults, ...given, parameters: [...given.parameters] };
    this.check(op, group);
    return group;
  }

  /** What is remembered about a parameter. */
  protected slotsOf(parameter: Tensor): Slots {
    let slots = this.#slots.get(parameter);
    if (slots === undefined) {
      slots = { numbers: {}, tensors: {} };
      this.#slots.set(parameter, slots);
    }
    return slots;
  }

  #checkGroups(op: string, groups: OptimizerState<O>['groups']): void {
    if (groups.length !== this.groups.length) {
      throw new FormatError(
        `${op}: the optimiser has ${this.groups.length} groups, the state ${groups.length}; build it with the same groups`,
      );
    }
    groups.forEach(({ parameters, ...options }, i) => {
      const count = this.groups[i].parameters.length;
      if (parameters.length !== count) {
        throw new FormatError(
          `${op}: group ${i} has ${count} parameters, the state's ${parameters.length}; build it with the same parameters`,
        );
      }
      const missing = Object.keys(this.#defaults).find((name) => !(name in options));
      if (missing !== undefined) {
        throw new FormatError(
          `${op}: group ${i} of the state lacks the option ${missing}; was it saved by another optimiser?`,
        );
      }
      checkNames(op, options, this.#defaults);
      this.check(op, options as unknown as O);
    });
  }
}

type GivenGroup<O> = Partial<O> & { parameters: Iterable<Tensor> };

/** Bare parameters are a group without options. */
function asGroups<O>(op: string, input: OptimizerInput<O>): GivenGroup<O>[] {
  checkIterable(op, 'parameters', input);
  const entries: (Tensor | GivenGroup<O>)[] = [...input];
  if (entries.every((entry) => entry instanceof Tensor)) return [{ parameters: entries } as unknown as GivenGroup<O>];
  return entries.map((entry) => {
    if (entry instanceof Tensor || entry?.parameters?.[Symbol.iterator] === undefined) {
      throw new ValueError(
        `${op}: give tensors, or groups { parameters, … } of them; got ${describe(entry)}; pass model.parameters()`,
      );
    }
    return entry;
  });
}

/** One tensor, or all that there are. */
export function tensorsOf(op: string, given: Tensor | Iterable<Tensor>): Tensor[] {
  if (given instanceof Tensor) return [given];
  checkIterable(op, 'parameters', given);
  const tensors = [...given];
  for (const x of tensors) checkInstance(op, 'a parameter', x, Tensor);
  return tensors;
}

const describe = (value: unknown): string =>
  value instanceof Tensor ? 'a tensor beside groups' : value === null ? 'null' : typeof value;

/** @param others  those that the optimiser has already */
function checkParameters(op: string, parameters: readonly Tensor[], others: readonly Tensor[] = []): void {
  if (parameters.length === 0) {
    throw new ValueError(`${op}: there must be parameters to optimise; got none; is the model's iterator used up?`);
  }
  const seen = new Set(others);
  parameters.forEach((parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new ValueError(`${op}: parameters must be tensors; parameter ${i} is ${describe(parameter)}`);
    }
    const { node, dtype, shape, strides } = parameter;
    if (seen.has(parameter)) {
      throw new ValueError(
        `${op}: a parameter may be given once; parameter ${i} of shape ${show(shape)} is there twice`,
      );
    }
    seen.add(parameter);
    if (node !== null) {
      throw new StateError(
        `${op}: parameters must be leaves; parameter ${i} of shape ${show(shape)} is the result of ${node.op}; use detach().requireGrad()`,
      );
    }
    if (dtype !== 'float32' && dtype !== 'float64') {
      const fix = isFloat(dtype) ? 'keep the parameters in float32 and convert where they are used' : 'leave it out';
      throw new DTypeError(`${op}: parameters must be float32 or float64; parameter ${i} is ${dtype}; ${fix}`);
    }
    if (strides.some((stride, axis) => stride === 0 && shape[axis] > 1)) {
      throw new StateError(
        `${op}: parameter ${i} of shape ${show(shape)} is an expanded view whose elements share memory; pass its clone()`,
      );
    }
  });
}

export function checkGradient(op: string, parameter: Tensor, grad: Tensor): void {
  if (!sameShape(parameter.shape, grad.shape)) {
    throw new ShapeError(
      `${op}.step: a gradient must have its parameter's shape ${show(parameter.shape)}; got ${show(grad.shape)}`,
    );
  }
  if (parameter.dtype !== grad.dtype) {
    throw new DTypeError(
      `${op}.step: a gradient must have its parameter's dtype ${parameter.dtype}; got ${grad.dtype}; convert with to('${parameter.dtype}')`,
    );
  }
}

function splitKey(op: string, key: string, count: number): [index: number, name: string] {
  const match = /^(\d+)\.(\w+)$/.exec(key);
  if (match === null || Number(match[1]) >= count) {
    throw new FormatError(
      `${op}: a name must be a parameter's position (below ${count}), a dot and what it is, as 0.step; got ${key}`,
    );
  }
  return [Number(match[1]), match[2]];
}

function checkStateTensor(op: string, key: string, parameter: Tensor, value: Tensor): void {
  if (!(value instanceof Tensor)) throw new FormatError(`${op}: ${key} must be a tensor; got ${typeof value}`);
  if (!sameShape(parameter.shape, value.shape)) {
    throw new ShapeError(
      `${op}: ${key} must have its parameter's shape ${show(parameter.shape)}; got ${show(value.shape)}; give the parameters in the order in which they were saved`,
    );
  }
  if (parameter.dtype !== value.dtype) {
    throw new DTypeError(
      `${op}: ${key} must have its parameter's dtype ${parameter.dtype}; got ${value.dtype}; convert the model or the state`,
    );
  }
}

/** A tensor like the parameter that lives as long: a copy of `value`, or that number everywhere. */
export function keptLike({ dtype, shape, size }: Tensor, value: Tensor | number = 0): Tensor {
  const y = new Tensor(new Storage(allocateKept(dtype, size, shape)), dtype, shape);
  // State that begins in a step that is being captured begins once.
  withRecorder(null, () => (typeof value === 'number' ? run('fill', [y], [value]) : run('copy', [y, value])));
  return y;
}
