import { checkRange } from '../backend/index.js';
import { capture } from '../capture/index.js';
import { autocast, checkProductDType, type ProductDType } from '../core/autocast.js';
import { checkFunction, checkInstance } from '../core/check.js';
import { widen } from '../core/dtype.js';
import type { Stateful } from '../core/state.js';
import { averaged } from '../metrics/average.js';
import { Module } from '../nn/module.js';
import { clipGradNorm } from '../optim/clip.js';
import { noGrad } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { BatchMetric, TrainerOptions } from './records.js';
import type { AnyMeasurement, Tally } from './tally.js';
import type { Task, TaskListener } from './task.js';

/** A model with one input, one output, one loss and one optimiser, on batches of [input, target]. */
export class Supervised implements Task {
  readonly parts: Readonly<Record<string, Stateful>>;
  readonly scores: readonly string[];
  readonly shares: readonly string[];
  readonly #options: TrainerOptions<string>;
  readonly #listener: TaskListener;
  readonly #metrics: Readonly<Record<string, BatchMetric>>;
  readonly #measurements: Readonly<Record<string, AnyMeasurement>>;

  constructor(
    readonly model: Module,
    options: TrainerOptions<string>,
    listener: TaskListener,
  ) {
    checkInstance('Trainer', 'model', model, Module);
    checkFunction('Trainer', 'loss', options.loss);
    const { optimizer, schedule, metrics = {} } = options;
    this.parts = { model, optimizer, ...(schedule && { schedule }) };
    this.scores = ['loss', ...Object.keys(metrics)];
    this.shares = Object.keys(metrics).filter((name) => metrics[name].unit === 'share');
    this.#options = options;
    this.#listener = listener;
    this.#metrics = metrics;
    this.#measurements = Object.fromEntries(Object.entries(metrics).map(([name, of]) => [name, measurement(of)]));
    checkProductDType('Trainer: precision', this.#precision);
  }

  get #precision(): ProductDType {
    return this.#options.precision ?? 'float32';
  }

  better(score: string): 'higher' | 'lower' | undefined {
    return score === 'loss' ? 'lower' : this.#metrics[score]?.better;
  }

  measurementOf(score: string): AnyMeasurement {
    return this.#measurements[score];
  }

  train([input, target]: readonly [Tensor, Tensor], tally: Tally): number {
    const update = this.#options.capture === false ? this.#update : this.#captured;
    const { loss, output } = update(input, target);
    return this.#add(tally, loss, output, target);
  }

  evaluate([input, target]: readonly [Tensor, Tensor], tally: Tally): void {
    autocast(this.#precision, () => {
      const output = this.model.forward(input);
      this.#add(tally, this.#options.loss(output, target), output, target);
    });
  }

  predict([input]: readonly [Tensor]): Tensor {
    return autocast(this.#precision, () => this.model.forward(input));
  }

  #add(tally: Tally, loss: Tensor, output: Tensor, target: Tensor): number {
    const value = Number(loss.item());
    const given = Object.keys(this.#metrics).map((name) => [name, [output, target]] as const);
    noGrad(() => tally.add(countOf(target), value, Object.fromEntries(given)));
    return value;
  }

  /** The part of a step that is on tensors alone. */
  readonly #update = (input: Tensor, target: Tensor): { loss: Tensor; output: Tensor } => {
    const { optimizer, loss: lossOf, clipNorm } = this.#options;
    optimizer.zeroGrad();
    const { output, loss } = autocast(this.#precision, () => {
      const output = this.model.forward(input);
      return { output, loss: lossOf(output, target) };
    });
    const finite = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
    checkRange(loss.detach().to(widen(loss.dtype)), finite, (value) => this.#listener.diverged(value));
    loss.backward();
    if (clipNorm !== undefined) clipGradNorm(this.model.parameters(), clipNorm);
    optimizer.step();
    return { loss, output };
  };

  readonly #captured = capture(this.#update, {
    otherwise: ({ message }) => this.#listener.log(`the step is not captured: ${message}`),
  });
}

const countOf = (target: Tensor): number => target.shape[0] ?? 1;

/** A metric as it is; the mean of a bare function's values. */
const measurement = (of: BatchMetric): AnyMeasurement =>
  of.count !== undefined && of.merge !== undefined && of.score !== undefined
    ? { count: of.count, merge: of.merge, score: of.score }
    : averaged(of, countOf);
