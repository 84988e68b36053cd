import { checkFunction, checkIterable, checkWhole, given } from '../core/check.js';
import { FormatError, ShapeError, StateError, ValueError } from '../core/errors.js';
import { everyStep } from '../core/recording.js';
import { sameShape, show } from '../core/shape.js';
import { liveNumber } from '../tensor/live_number.js';
import { noGrad } from '../tensor/tape.js';
import { overwrite, Tensor } from '../tensor/tensor.js';
import { checkAveraging } from './hyperparameters.js';
import { keptLike } from './optimizer.js';

export interface AveragingOptions {
  /** Called whenever the averages take the parameters' place: running statistics of batch norms do not fit them. */
  recalibrate?: () => void;
}

/** What a checkpoint keeps: how many values are in the averages, and these by the parameter's position. */
export interface AveragingState {
  updates: number;
  tensors: Record<string, Tensor>;
}

/**
 * Averages of parameters over the steps, which often generalise better than the last values. `update` after an optimiser's
 * step; `swap` to evaluate with the averages, and again to go on; `write` at the end.
 *
 *   a = (1 − s) a + s θ,    s = share(number of updates before)
 */
export abstract class Averaging {
  readonly #name: string;
  readonly #parameters: readonly Tensor[];
  readonly #averages: readonly Tensor[];
  readonly #share: (updates: number) => number;
  readonly #recalibrate: () => void;
  #updates = 0;
  #swapped = false;

  constructor(
    name: string,
    parameters: Iterable<Tensor>,
    share: (updates: number) => number,
    options: AveragingOptions,
  ) {
    const { recalibrate = () => {} } = given(options);
    checkFunction(name, 'recalibrate', recalibrate);
    this.#name = name;
    checkIterable(name, 'parameters', parameters);
    this.#parameters = [...parameters];
    if (this.#parameters.length === 0 || !this.#parameters.every((parameter) => parameter instanceof Tensor)) {
      throw new ValueError(`${name}: there must be parameters, which are tensors; pass model.parameters()`);
    }
    this.#averages = this.#parameters.map((parameter) => keptLike(parameter, parameter));
    this.#share = share;
    this.#recalibrate = recalibrate;
  }

  /** How many values are in the averages. */
  get updates(): number {
    return this.#updates;
  }

  /** Takes in the parameters' values of now. */
  update(): void {
    this.#checkPlace('update');
    everyStep(() => {
      this.#updates++;
    });
    noGrad(() => {
      this.#parameters.forEach((parameter, i) => {
        const share = (): number => this.#share(this.#updates - 1);
        const past = this.#averages[i].mul(liveNumber(parameter.dtype, () => 1 - share()));
        overwrite(
          `${this.#name}.update`,
          this.#averages[i],
          past.add(parameter.mul(liveNumber(parameter.dtype, share))),
        );
      });
    });
  }

  /** Exchanges parameters and averages: the first call puts the averages in their place, the next takes them back. */
  swap(): void {
    noGrad(() => {
      this.#parameters.forEach((parameter, i) => {
        const average = this.#averages[i].clone();
        overwrite(`${this.#name}.swap`, this.#averages[i], parameter);
        overwrite(`${this.#name}.swap`, parameter, average);
      });
    });
    this.#swapped = !this.#swapped;
    if (this.#swapped) this.#recalibrate();
  }

  /** Overwrites the parameters by their averages. */
  write(): void {
    this.#checkPlace('write');
    noGrad(() => {
      this.#parameters.forEach((parameter, i) => {
        overwrite(`${this.#name}.write`, parameter, this.#averages[i]);
      });
    });
    this.#recalibrate();
  }

  /** A copy of what a checkpoint must keep. */
  stateDict(): AveragingState {
    this.#checkPlace('stateDict');
    return {
      updates: this.#updates,
      tensors: Object.fromEntries(this.#averages.map((average, i) => [i, average.clone()])),
    };
  }

  /** Goes on where averages of parameters of the same shapes were saved. Nothing changes if they do not fit. */
  loadStateDict({ updates, tensors }: AveragingState): void {
    const op = `${this.#name}.loadStateDict`;
    this.#checkPlace('loadStateDict');
    checkWhole(op, 'updates', updates, 0, FormatError);
    const count = Object.keys(tensors).length;
    if (count !== this.#averages.length) {
      throw new FormatError(`${op}: there are ${this.#averages.length} parameters, in the state ${count}`);
    }
    this.#averages.forEach(({ shape }, i) => {
      if (!(tensors[i] instanceof Tensor))
        throw new FormatError(`${op}: ${i} must be a tensor; got ${typeof tensors[i]}`);
      if (!sameShape(shape, tensors[i].shape)) {
        throw new ShapeError(`${op}: ${i} must have the shape ${show(shape)}; got ${show(tensors[i].shape)}`);
      }
    });
    this.#updates = updates;
    this.#averages.forEach((average, i) => {
      overwrite(op, average, tensors[i]);
    });
  }

  #checkPlace(method: string): void {
    if (this.#swapped) {
      throw new StateError(`${this.#name}.${method}: the averages are in the parameters' place; call swap() before`);
    }
  }
}

/**
 * Exponential moving average of parameters: a = decay · a + (1 − decay) · θ, from the first update's values on.
 *
 * @source Tarvainen, Valpola 2017, arXiv:1703.01780, equation 1
 */
export class EMA extends Averaging {
  /** @param decay  weight of the past; in [0, 1); default 0.999 */
  constructor(parameters: Iterable<Tensor>, { decay = 0.999, ...options }: { decay?: number } & AveragingOptions = {}) {
    checkAveraging('EMA', 'decay', decay);
    super('EMA', parameters, (updates) => (updates === 0 ? 1 : 1 - decay), options);
  }
}

/**
 * Stochastic weight averaging: the mean of the parameters at all updates, one at the end of each epoch or cycle of the rate.
 *
 *     const swa = new SWA(model.parameters(), { recalibrate: () => model.train() && batches.forEach((x) => model.forward(x)) });
 *
 * @source Izmailov, Podoprikhin, Garipov, Vetrov, Wilson 2018, arXiv:1803.05407, algorithm 1
 */
export class SWA extends Averaging {
  constructor(parameters: Iterable<Tensor>, options: AveragingOptions = {}) {
    super('SWA', parameters, (updates) => 1 / (updates + 1), options);
  }
}
