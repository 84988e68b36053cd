import { inspect } from 'node:util';
import { ValueError } from '../core/errors.js';
import { decidedBy, runsJavaScript, surroundingsChanged } from '../core/recording.js';
import { sameShape, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { Tensor } from '../tensor/tensor.js';
import { isBuffer, isParameter } from './parameter.js';
import { summarise } from './summary.js';

/** What `loadStateDict` found beside what it loaded. */
export interface LoadReport {
  /** The module's own names that had no value. */
  missing: string[];
  /** Names of values that the module does not have. */
  unexpected: string[];
}

/** Called before a forward pass, with its arguments. */
export type BeforeForward = (module: Module, inputs: readonly unknown[]) => void;
/** Called after a forward pass, with its arguments and its result. */
export type OnForward = (module: Module, inputs: readonly unknown[], output: unknown) => void;

/**
 * A part of a network: parameters, buffers and other modules as public fields, and a forward pass.
 *
 *     class Net extends nn.Module {
 *       hidden = new nn.Linear(784, 128);
 *       output = new nn.Linear(128, 10);
 *       forward(x: Tensor<[number, 784]>) {
 *         return this.output.forward(relu(this.hidden.forward(x)));
 *       }
 *     }
 *
 * Fields are found in their order: tensors made by `parameter` and `buffer`, modules, and arrays of them; not in `#private`
 * fields, which nobody outside of the class can see. Names are those of PyTorch: `runningMean` of `hidden` is
 * `hidden.running_mean`, and `layers[0].weight` is `layers.0.weight`. A tensor in two places (tied weights) counts once, under
 * its first name.
 */
export abstract class Module {
  #training = true;
  readonly #before = new Set<BeforeForward>();
  readonly #after = new Set<OnForward>();
  /** Takes the hooks' forward pass off again. */
  #unwrap = (): void => {};

  /** Whether layers such as Dropout and BatchNorm behave as in training; set by `train` and `eval`. */
  get training(): boolean {
    return decidedBy(() => this.#training);
  }

  set training(mode: boolean) {
    this.#training = mode;
  }

  /** The forward pass: write it, and call it as `model.forward(x)`. */
  abstract forward(...inputs: any[]): any;

  /** The fields that are searched for tensors and modules. */
  protected fields(): [name: string, value: unknown][] {
    return Object.entries(this);
  }

  /** This module's own tensors and modules by name. */
  *#parts(): Generator<[name: string, part: Tensor | Module]> {
    const stack = this.fields().reverse();
    for (let field = stack.pop(); field !== undefined; field = stack.pop()) {
      const [key, value] = field;
      const name = snakeCase(key);
      if (value instanceof Module || (value instanceof Tensor && (isParameter(value) || isBuffer(value)))) {
        yield [name, value];
      } else if (Array.isArray(value)) {
        for (let i = value.length - 1; i >= 0; i--) stack.push([`${key}.${i}`, value[i]]);
      }
    }
  }

  /** Every tensor under every name that it has; `ancestors` keeps a module that contains itself from recursing. */
  *#allTensors(prefix = '', ancestors: readonly Module[] = []): Generator<[name: string, tensor: Tensor]> {
    for (const [name, part] of this.#parts()) {
      if (part instanceof Tensor) yield [prefix + name, part];
      else if (part !== this && !ancestors.includes(part)) {
        yield* part.#allTensors(`${prefix}${name}.`, [...ancestors, this]);
      }
    }
  }

  /** Every tensor of one kind once, under its first name. */
  #tensors(wanted: (tensor: Tensor) => boolean): [name: string, tensor: Tensor][] {
    const seen = new Set<Tensor>();
    return [...this.#allTensors()].filter(([, tensor]) => {
      if (seen.has(tensor) || !wanted(tensor)) return false;
      seen.add(tensor);
      return true;
    });
  }

  /** The parameters with their names, frozen ones too. */
  namedParameters(): [name: string, parameter: Tensor][] {
    return this.#tensors(isParameter);
  }

  /** The parameters, for an optimiser. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, tensor]) => tensor);
  }

  /** The buffers with their names. */
  namedBuffers(): [name: string, buffer: Tensor][] {
    return this.#tensors(isBuffer);
  }

  /** The buffers: state that is saved but not trained. */
  buffers(): Tensor[] {
    return this.namedBuffers().map(([, tensor]) => tensor);
  }

  /** The modules that are fields of this one, with their names. */
  namedChildren(): [name: string, module: Module][] {
    return [...this.#parts()].filter((part): part is [string, Module] => part[1] instanceof Module);
  }

  /** The modules that are fields of this one. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  /** This module (named '') and all those within it, each once. */
  namedModules(): [name: string, module: Module][] {
    const found = new Map<Module, string>();
    const visit = (module: Module, name: string): void => {
      if (found.has(module)) return;
      found.set(module, name);
      for (const [key, child] of module.namedChildren()) visit(child, name === '' ? key : `${name}.${key}`);
    };
    visit(this, '');
    return [...found].map(([module, name]) => [name, module]);
  }

  /** This module and all those within it, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** Parameters and buffers by name. They share memory with the module: later training changes them; `clone()` what is kept. */
  stateDict(): Map<string, Tensor> {
    return new Map(this.#tensors(() => true).map(([name, tensor]) => [name, tensor.detach()]));
  }

  /**
   * Copies values into parameters and buffers by name, converting dtypes. Loads nothing if it throws. A tied tensor may be
   * given under any of its names.
   *
   * @param strict  throw if a value is missing or left over; default true. A value of another shape is always an error.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>, { strict = true }: { strict?: boolean } = {}): LoadReport {
    const names = new Set<string>();
    const values = new Map<Tensor, Tensor>();
    const misshapen: string[] = [];
    for (const [name, tensor] of this.#allTensors()) {
      names.add(name);
      const value = state.get(name);
      if (value === undefined) continue;
      if (sameShape(value.shape, tensor.shape)) values.set(tensor, value);
      else misshapen.push(`${name} ${show(value.shape)} for ${show(tensor.shape)}`);
    }
    const missing = this.#tensors((tensor) => !values.has(tensor))
      .map(([name]) => name)
      .filter((name) => !state.has(name));
    const unexpected = [...state.keys()].filter((name) => !names.has(name));
    if (misshapen.length > 0 || (strict && missing.length + unexpected.length > 0)) {
      const faults = [
        ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
        ...(unexpected.length > 0 ? [`unexpected: ${unexpected.join(', ')}`] : []),
        ...(misshapen.length > 0 ? [`of another shape: ${misshapen.join(', ')}`] : []),
      ];
      const fix =
        misshapen.length > 0
          ? 'build the module with the sizes of the file'
          : 'build the model that they come from (loadStateDict passes over names with { strict: false })';
      throw new ValueError(
        `loadStateDict: names and shapes must be those of ${this.constructor.name}; ${faults.join('; ')}; ${fix}`,
      );
    }
    for (const [tensor, value] of values) tensor.assign(value);
    return { missing, unexpected };
  }

  /** Switches this module and all within it to training, or to evaluation. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Switches to evaluation: Dropout passes everything, BatchNorm uses its running statistics. */
  eval(): this {
    return this.train(false);
  }

  /** Stops training of all parameters: no gradients for them. */
  freeze(): this {
    for (const tensor of this.parameters()) tensor.requireGrad(false);
    return this;
  }

  /** Undoes `freeze`. */
  unfreeze(): this {
    for (const tensor of this.parameters()) tensor.requireGrad();
    return this;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const tensor of this.parameters()) tensor.grad = null;
  }

  /** Calls `hook` before every forward pass of this module; returns a function that ends this. */
  beforeForward(hook: BeforeForward): () => void {
    return this.#subscribe(this.#before, hook);
  }

  /** Calls `hook` after every forward pass of this module; returns a function that ends this. */
  onForward(hook: OnForward): () => void {
    return this.#subscribe(this.#after, hook);
  }

  #subscribe<H>(hooks: Set<H>, hook: H): () => void {
    if (this.#before.size + this.#after.size === 0) this.#wrap();
    hooks.add(hook);
    surroundingsChanged();
    return () => {
      surroundingsChanged();
      if (hooks.delete(hook) && this.#before.size + this.#after.size === 0) this.#unwrap();
    };
  }

  /** Puts a forward pass that calls hooks in front of this instance's own; without hooks there is none, and no cost. */
  #wrap(): void {
    const own = Object.getOwnPropertyDescriptor(this, 'forward');
    const { forward } = this;
    const wrapped = (...inputs: unknown[]): unknown => {
      runsJavaScript(`a hook on ${this.constructor.name}`);
      for (const hook of this.#before) hook(this, inputs);
      const output = forward.apply(this, inputs);
      for (const hook of this.#after) hook(this, inputs, output);
      return output;
    };
    Object.defineProperty(this, 'forward', { value: wrapped, configurable: true, writable: true });
    this.#unwrap = () => {
      if (own === undefined) Reflect.deleteProperty(this, 'forward');
      else Object.defineProperty(this, 'forward', own);
    };
  }

  /**
   * A table of the layers that a forward pass visits: name, result's shape, floating-point operations, number of
   * parameters; with totals, the connections (products with a weight), and the memory of parameters, buffers and
   * results. Goes through one forward pass in evaluation mode by its shapes alone: nothing is computed or allocated, so a forward pass may not read values. See
   * `withoutMemory` for models that are too large to be made.
   *
   * @param inputs  for each argument of `forward` its shape (of float32) or an example
   */
  summary(...inputs: (Shape | Tensor)[]): string {
    return summarise(this, inputs);
  }

  /** What `toString` shows of this module itself: the public fields, and those of records, that are no tensors or modules. */
  protected extra(): string {
    return described(this.fields());
  }

  toString(): string {
    const children = this.namedChildren();
    const name = this.constructor.name;
    const extra = this.extra();
    if (children.length === 0) return `${name}(${extra})`;
    const lines = children.map(([key, child]) => `(${key}): ${child.toString().replaceAll('\n', '\n  ')}`);
    return `${name}(\n  ${[...(extra === '' ? [] : [extra]), ...lines].join('\n  ')}\n)`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Fields as `name=value`, those of a record as if they were the module's. */
function described(fields: readonly [name: string, value: unknown][]): string {
  const texts = fields.map(([name, value]) => {
    if (isRecord(value)) return described(Object.entries(value));
    const text = textOf(value);
    return text === undefined ? '' : `${name}=${text}`;
  });
  return texts.filter((text) => text !== '').join(', ');
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The text of a plain value, or undefined. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'function') return value.name;
  if (!Array.isArray(value)) return undefined;
  const parts = value.map(textOf);
  return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
