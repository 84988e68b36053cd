import type { FloatDType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { broadcastShapes, checkShape, sameShape, show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import '../ops/methods.js';
import { scalar } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';
import { checkWithin, type Parameter, type Range } from './parameters.js';

export interface SampleOptions {
  /** Where the random numbers come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * A batch of probability distributions of one kind, each with parameters of its own. A draw has the shape [..., ...batchShape,
 * ...eventShape]: any shape of independent draws, the batch, and one event. Everything is differentiable in the parameters but
 * `sample`; `rsample`, which is too, is there where a draw is a differentiable function of them (`Reparameterised`). `mode`,
 * `entropy`, `cdf` and `icdf` are there where they have a closed form.
 *
 * @source PyTorch's torch.distributions, of which shapes, names and conventions are
 */
export abstract class Distribution {
  /** Where values lie, each of their numbers by itself; `logProb` refuses others. */
  abstract readonly support: Range;

  constructor(
    /** The shape of the batch: what the parameters broadcast to. */
    readonly batchShape: Shape,
    /** The shape of one event; [] for those of single numbers. */
    readonly eventShape: Shape,
    /** The dtype of parameters, probabilities, and draws unless they are places. */
    readonly dtype: FloatDType,
  ) {}

  /** [...batchShape, ...eventShape] */
  abstract get mean(): Tensor;
  /** Of each number of an event; [...batchShape, ...eventShape] */
  abstract get variance(): Tensor;
  /** √variance */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /** Draws of a shape, with their path to the parameters where there is one. */
  protected abstract draw(shape: Shape, generator: Generator | undefined): Tensor;

  /** The logarithm of the density, or of the probability, at values within the support. */
  protected abstract logDensity(value: Tensor): Tensor;

  /**
   * Independent draws, without a gradient.
   *
   * @param shape  of the draws; default [], one
   * @returns      [...shape, ...batchShape, ...eventShape]
   */
  sample(shape: Shape = [], { generator }: SampleOptions = {}): Tensor {
    checkShape(this.op('sample'), shape);
    return noGrad(() => this.draw(shape, generator));
  }

  /**
   * The logarithm of the density, or of a discrete distribution's probability.
   *
   * @param value  of the support; broadcasts with [...batchShape, ...eventShape]
   * @returns      the broadcast shape without the event's axes
   * @throws ValueError "Gamma.logProb: value must be a finite number ≥ 0; got -1 at [2]"
   */
  logProb(value: Parameter): Tensor {
    return this.logDensity(this.checked('logProb', value, this.support));
  }

  /** How errors name a method of this kind. */
  protected op(method: string): string {
    return `${this.constructor.name}.${method}`;
  }

  /** The shape of draws. */
  protected extended(shape: Shape): number[] {
    return [...shape, ...this.batchShape, ...this.eventShape];
  }

  /** A user's value as a tensor of this dtype, of a shape and range that fit. */
  protected checked(method: string, value: Parameter, range: Range, event = this.eventShape): Tensor {
    const op = this.op(method);
    if (typeof value !== 'number') checkTensor(op, value);
    const x: Tensor = typeof value === 'number' ? scalar(op, value, this.dtype) : value.to(this.dtype);
    const axes = event.length;
    if (axes > 0 && !sameShape(x.shape.slice(-axes), event)) {
      throw new ShapeError(`${op}: value must end with the event's axes ${show(event)}; got ${show(x.shape)}`);
    }
    broadcastShapes(op, x.shape.slice(0, x.rank - axes), this.batchShape);
    checkWithin(op, 'value', x, range);
    return x;
  }
}

/** A distribution whose draws are differentiable functions of its parameters. */
export abstract class Reparameterised extends Distribution {
  /**
   * Independent draws, differentiable in the parameters: the gradient of an expectation is the expectation of gradients.
   *
   * @param shape  of the draws; default [], one
   * @returns      [...shape, ...batchShape, ...eventShape]
   * @source Kingma, Welling 2013, arXiv:1312.6114, section 2.4
   */
  rsample(shape: Shape = [], { generator }: SampleOptions = {}): Tensor {
    checkShape(this.op('rsample'), shape);
    return this.draw(shape, generator);
  }
}
