import { type DType, type Floating, promoteToFloat } from '../../core/dtype.js';
import { FormatError, ShapeError, StateError, ValueError } from '../../core/errors.js';
import { checkAxis, show } from '../../core/shape.js';
import type { Stateful } from '../../core/state.js';
import { isFinite } from '../../ops/elementwise/is_finite.js';
import { all } from '../../ops/reduction/all.js';
import { reshape } from '../../ops/shape/reshape.js';
import { to } from '../../ops/shape/to.js';
import { noGrad } from '../../tensor/tape.js';
import { checkTensor, Tensor } from '../../tensor/tensor.js';

/** Refuses what is no [examples, features], or has too few examples. */
export function checkMatrix(op: string, x: Tensor, least: number): void {
  checkTensor(op, x);
  if (x.rank !== 2 || x.shape[0] < least) {
    const examples = least === 1 ? 'an example' : `${least} examples`;
    throw new ShapeError(`${op}: x must be [n, features] with at least ${examples}; got shape ${show(x.shape)}`);
  }
}

/** What learns from training examples how to change columns, then changes those of any examples alike, and back. */
export interface ColumnTransform<X = any, Y = any> extends Stateful {
  /** What it is fitted on: a tensor of features, or the labels of one column. */
  readonly takes: 'features' | 'labels';
  fit(x: X): this;
  transform(x: X): Y;
  inverse(y: Y): X;
}

/** Sizes of a state's axes by name: 'features' those of x, 'components' those of the result where it has others. */
type Axes = readonly ('features' | 'components')[];

/**
 * A transform of features whose state is tensors. It computes in float64, whatever it is given; the result has x's dtype,
 * integers give float32.
 */
export abstract class FeatureTransform<Name extends string> implements ColumnTransform<Tensor, Tensor> {
  readonly takes = 'features';
  #state: Readonly<Record<Name, Tensor>> | undefined;

  /**
   * @param axes  the axes of each tensor of the state
   * @param axis  where x's features lie
   */
  constructor(
    private readonly axes: Readonly<Record<Name, Axes>>,
    readonly axis: number,
  ) {}

  /** What is remembered of x, float64. */
  protected abstract learn(x: Tensor): Record<Name, Tensor>;
  protected abstract apply(x: Tensor, state: Readonly<Record<Name, Tensor>>): Tensor;
  protected abstract revert(y: Tensor, state: Readonly<Record<Name, Tensor>>): Tensor;

  /**
   * Learns from the training examples.
   *
   * @param x  [n, features], or with the features along another `axis`; n ≥ 1
   */
  fit(x: Tensor): this {
    const op = this.#op('fit');
    checkTensor(op, x);
    if (x.rank < 2) {
      throw new ShapeError(
        `${op}: x must have an axis of examples and one of features; got shape ${show(x.shape)}; reshape one feature to [n, 1]`,
      );
    }
    checkAxis(op, this.axis, x.rank);
    if (x.size === 0) throw new ShapeError(`${op}: there must be examples; got shape ${show(x.shape)}`);
    this.#state = noGrad(() => this.learn(to(x, 'float64') as Tensor));
    return this;
  }

  /** @param x  as `fit`'s, any number of examples */
  transform<D extends DType>(x: Tensor<any, D>): Tensor<any, Floating<D>> {
    return this.#change('transform', x, 'features', (x, state) => this.apply(x, state));
  }

  /** `fit` and `transform`. */
  fitTransform<D extends DType>(x: Tensor<any, D>): Tensor<any, Floating<D>> {
    return this.fit(x).transform(x);
  }

  /** What `transform` makes y of, as far as y tells. */
  inverse<D extends DType>(y: Tensor<any, D>): Tensor<any, Floating<D>> {
    return this.#change('inverse', y, 'components', (y, state) => this.revert(y, state));
  }

  stateDict(): Record<Name, Tensor> {
    return { ...this.#fitted('stateDict') };
  }

  /** @throws FormatError if the state has not this transform's float64 tensors */
  loadStateDict(state: Readonly<Record<Name, Tensor>>): void {
    const op = this.#op('loadStateDict');
    const sizes = new Map<string, number>();
    for (const name of this.#names()) {
      const value: unknown = state[name];
      const wanted = this.axes[name];
      const fits =
        value instanceof Tensor &&
        value.dtype === 'float64' &&
        value.rank === wanted.length &&
        wanted.every((axis, i) => (sizes.get(axis) ?? value.shape[i]) === value.shape[i]);
      if (!fits) {
        const given = value instanceof Tensor ? `${value.dtype} ${show(value.shape)}` : String(value);
        throw new FormatError(`${op}: ${name} must be float64 [${wanted.join(', ')}]; got ${given}`);
      }
      for (const [i, axis] of wanted.entries()) sizes.set(axis, value.shape[i]);
    }
    this.#state = Object.fromEntries(this.#names().map((name) => [name, state[name]])) as Record<Name, Tensor>;
  }

  /** A tensor of the state that stands for one number a feature, to be broadcast over x. */
  protected along(values: Tensor, x: Tensor): Tensor {
    const behind = x.rank - 1 - checkAxis(this.constructor.name, this.axis, x.rank);
    return reshape(values, [values.size, ...new Array<number>(behind).fill(1)]) as Tensor;
  }

  /** The axes that statistics are taken over: all but the features'. */
  protected others(x: Tensor): number[] {
    const own = checkAxis(this.constructor.name, this.axis, x.rank);
    return x.shape.map((_: number, i: number) => i).filter((i: number) => i !== own);
  }

  /** Refuses what no statistics can be taken of. */
  protected checkFinite(x: Tensor): void {
    if (all(isFinite(x)).item()) return;
    const at = x.data().findIndex((value: number) => !Number.isFinite(value));
    throw new ValueError(
      `${this.#op('fit')}: x must be finite; element ${at} is ${x.data()[at]}; fill in what is missing by an Imputer`,
    );
  }

  #change(
    method: string,
    x: Tensor,
    axis: 'features' | 'components',
    body: (x: Tensor, state: Readonly<Record<Name, Tensor>>) => Tensor,
  ): Tensor {
    const state = this.#fitted(method);
    checkTensor(this.#op(method), x);
    const along = checkAxis(this.#op(method), this.axis, x.rank);
    const size = this.#size(state, axis) ?? this.#size(state, 'features');
    if (x.shape[along] !== size) {
      throw new ShapeError(
        `${this.#op(method)}: axis ${this.axis} must have size ${size}, as it was fitted; got shape ${show(x.shape)}`,
      );
    }
    return to(body(to(x, 'float64') as Tensor, state), promoteToFloat(x.dtype)) as Tensor;
  }

  /** The size of a named axis, from the first tensor that has it. */
  #size(state: Readonly<Record<Name, Tensor>>, axis: 'features' | 'components'): number | undefined {
    const name = this.#names().find((name) => this.axes[name].includes(axis));
    return name && state[name].shape[this.axes[name].indexOf(axis)];
  }

  #names(): Name[] {
    return Object.keys(this.axes) as Name[];
  }

  #fitted(method: string): Readonly<Record<Name, Tensor>> {
    if (this.#state === undefined) {
      throw new StateError(`${this.#op(method)}: there is nothing learnt yet; call fit, or loadStateDict`);
    }
    return this.#state;
  }

  #op(method: string): string {
    return `${this.constructor.name}.${method}`;
  }
}
