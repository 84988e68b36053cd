import { EventEmitter } from 'node:events';
import { checkWhole } from '../core/check.js';
import { StateError, ValueError } from '../core/errors.js';
import { Average } from '../metrics/average.js';
import type { Module } from '../nn/module.js';
import { clipGradNorm } from '../optim/clip.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedule.js';
import { mark } from '../profile/profiler.js';
import { noGrad } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { type PartialEpoch, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Progress } from './progress.js';

/** Anything that gives batches of [input, target], an epoch each time it is iterated: a DataLoader, or an array. */
export interface Batches {
  [Symbol.iterator](): Iterator<readonly [Tensor, Tensor]>;
  /** Batches in an epoch. */
  readonly length: number;
}

/** A number that tells how good an output is; averaged over the examples of an epoch. */
export type Metric = (output: Tensor, target: Tensor) => number;

export interface TrainerOptions<M extends string> {
  optimizer: Optimizer;
  /** From the model's output and the target to one number. */
  loss: (output: Tensor, target: Tensor) => Tensor;
  metrics?: Record<M, Metric>;
  /** Stepped after every epoch. */
  schedule?: Schedule;
  /** Largest norm of all gradients together; default: no clipping. */
  clipNorm?: number;
}

/** What happened in one training step. */
export interface StepRecord {
  epoch: number;
  /** Steps since the start of training, from 1. */
  step: number;
  loss: number;
  lr: number;
}

/** Averages over the examples of an epoch, or of an evaluation. */
export type Scores<M extends string> = { loss: number } & Record<M, number>;

export interface EpochRecord<M extends string> {
  epoch: number;
  train: Scores<M>;
  validation?: Scores<M>;
  /** Time of the training part, and its examples per second. */
  seconds: number;
  itemsPerSecond: number;
}

export interface FitOptions {
  /** Total number of epochs, those before a resume included. */
  epochs: number;
  /** Evaluated after every epoch. */
  validation?: Batches;
  /** File that is replaced after every epoch, and when the run is stopped. */
  checkpoint?: string;
  /** Stops the run after the current step; `fit` then returns what is done so far. */
  signal?: AbortSignal;
}

/** Milliseconds of work between two rests, in which the process's timers, requests and signals are served. */
const stretch = 20;

/**
 * Trains a model: the loop, with validation, checkpoints that resume bit for bit, progress as events, and a stop button.
 *
 *     const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
 *     showProgress(trainer);
 *     const history = await trainer.fit(batches, { epochs: 5, validation });
 *
 * Events: `step` (StepRecord), `progress` (Progress, after each step), `epoch` (EpochRecord, Progress), `end` (of a fit).
 */
export class Trainer<M extends string = never> extends EventEmitter<{
  step: [StepRecord];
  progress: [Progress];
  epoch: [EpochRecord<M>, Progress];
  end: [];
}> {
  /** One record for each finished epoch. */
  history: EpochRecord<M>[] = [];
  #step = 0;
  /** What is done of an epoch that was stopped. */
  #partial: PartialEpoch | null = null;
  #running = false;
  #rested = 0;

  constructor(
    readonly model: Module,
    readonly options: TrainerOptions<M>,
  ) {
    super();
  }

  /** Steps done so far. */
  get step(): number {
    return this.#step;
  }

  /**
   * Trains until `epochs` epochs are done, or the signal stops it.
   *
   * @returns the history: one record an epoch
   * @throws ValueError when the loss is not finite; the last checkpoint stays as it is
   */
  async fit(batches: Batches, { epochs, validation, checkpoint, signal }: FitOptions): Promise<EpochRecord<M>[]> {
    checkWhole('fit', 'epochs', epochs, 1);
    checkBatches('fit', batches);
    if (validation !== undefined) checkBatches('fit: validation', validation);
    this.#checkIdle('fit');
    this.#running = true;
    try {
      while (this.history.length < epochs && signal?.aborted !== true) {
        const averages = await mark('epoch', () => this.#epoch(batches, epochs, signal));
        if (averages !== null) await this.#finish(averages, epochs, validation);
        if (checkpoint !== undefined) await this.save(checkpoint, batches);
      }
    } finally {
      this.#running = false;
      this.emit('end');
    }
    return this.history;
  }

  /** Trains for one epoch, or the rest of a stopped one; null if the signal stopped it. */
  async #epoch(batches: Batches, epochs: number, signal: AbortSignal | undefined): Promise<Averages | null> {
    const epoch = this.history.length + 1;
    const averages = new Averages(['loss', ...Object.keys(this.options.metrics ?? {})], this.#partial);
    let batch = this.#partial?.batch ?? 0;
    // Within this process a stopped loop would begin a new epoch; a loaded position goes on.
    if (batch > 0 && isResumable(batches)) batches.loadStateDict(batches.stateDict());
    let done = isResumable(batches) ? 0 : batch;
    this.#partial = null;

    this.model.train();
    for (const [input, target] of batches) {
      if (done-- > 0) continue;
      const loss = mark('step', () => this.#trainStep(input, target, averages));
      batch++;
      this.emit('step', { epoch, step: this.#step, loss, lr: this.options.optimizer.groups[0].lr });
      const { count, seconds } = averages;
      const total = Math.round((count / batch) * batches.length);
      this.emit('progress', { epoch, epochs, done: count, total, seconds, metrics: averages.scores() });
      await this.#rest();
      if (signal?.aborted && batch < batches.length) {
        this.#partial = averages.state(batch);
        return null;
      }
    }
    averages.stop();
    return averages;
  }

  #trainStep(input: Tensor, target: Tensor, averages: Averages): number {
    const { optimizer, loss: lossOf, clipNorm } = this.options;
    optimizer.zeroGrad();
    const [output, loss] = mark('forward', () => {
      const output = this.model.forward(input);
      return [output, lossOf(output, target)];
    });
    const value = Number(loss.item());
    this.#step++;
    if (!Number.isFinite(value)) {
      throw new ValueError(
        `fit: the loss is ${value} at step ${this.#step}; lower the learning rate (${optimizer.groups[0].lr}), clip gradients, or look for NaN in the data`,
      );
    }
    mark('backward', () => loss.backward());
    mark('optimizer', () => {
      if (clipNorm !== undefined) clipGradNorm(this.model.parameters(), clipNorm);
      optimizer.step();
    });
    averages.add(target.shape[0] ?? 1, { loss: value, ...this.#measure(output, target) });
    return value;
  }

  async #finish(averages: Averages, epochs: number, validationBatches: Batches | undefined): Promise<void> {
    this.options.schedule?.step();
    const { count, seconds } = averages;
    const epoch = this.history.length + 1;
    const train = averages.scores<M>();
    const validation = validationBatches && { validation: await this.evaluate(validationBatches) };
    const record: EpochRecord<M> = { epoch, train, ...validation, seconds, itemsPerSecond: count / seconds };
    this.history.push(record);
    this.emit('epoch', record, { epoch, epochs, done: count, total: count, seconds, metrics: train, ...validation });
  }

  /** Loss and metrics over batches, in evaluation mode and without recording. */
  async evaluate(batches: Batches): Promise<Scores<M>> {
    checkBatches('evaluate', batches);
    const averages = new Averages(['loss', ...Object.keys(this.options.metrics ?? {})], null);
    await this.#inEvaluation(batches, (output, target) => {
      const loss = Number(this.options.loss(output, target).item());
      averages.add(target.shape[0] ?? 1, { loss, ...this.#measure(output, target) });
    });
    return averages.scores();
  }

  /** The model's outputs for batches, in their order, in evaluation mode and without recording. */
  async predict(batches: Batches): Promise<Tensor[]> {
    const outputs: Tensor[] = [];
    await this.#inEvaluation(batches, (output) => outputs.push(output));
    return outputs;
  }

  async #inEvaluation(batches: Batches, visit: (output: Tensor, target: Tensor) => void): Promise<void> {
    for (const [input, target] of batches) {
      // For each batch anew: a `fit` of the same model may take its turn in between.
      const modes = this.model.modules().map((module) => [module, module.training] as const);
      this.model.eval();
      try {
        noGrad(() => visit(this.model.forward(input), target));
      } finally {
        for (const [module, training] of modes) module.training = training;
      }
      await this.#rest();
    }
  }

  #measure(output: Tensor, target: Tensor): Record<string, number> {
    const metrics = Object.entries<Metric>(this.options.metrics ?? {});
    return noGrad(() => Object.fromEntries(metrics.map(([name, metric]) => [name, metric(output, target)])));
  }

  /** Lets the event loop run from time to time. */
  async #rest(): Promise<void> {
    if (performance.now() - this.#rested < stretch) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#rested = performance.now();
  }

  /** Writes all that a run needs to go on as if it had never stopped: one file, replaced at once or not at all. */
  async save(path: string, batches: Batches): Promise<void> {
    await writeCheckpoint(path, this.model, this.options, {
      step: this.#step,
      history: this.history,
      partial: this.#partial,
      batches: isResumable(batches) ? batches.stateDict() : null,
    });
  }

  /**
   * Puts back what `save` wrote; the next `fit` goes on from there. Nothing changes if the file does not fit. Of batches
   * without a position, such as an array, those before it are passed over; they must come in the same order.
   *
   * @throws FormatError for a file that is no checkpoint; ValueError, StateError for one of another model, optimiser, schedule
   */
  async resume(path: string, batches: Batches): Promise<void> {
    this.#checkIdle('resume');
    const { step, history, partial } = await readCheckpoint(path, this.model, this.options, (position) => {
      if (isResumable(batches) && position !== null) batches.loadStateDict(position);
    });
    this.#step = step;
    this.history = history as EpochRecord<M>[];
    this.#partial = partial;
  }

  #checkIdle(op: string): void {
    if (this.#running) throw new StateError(`${op}: this trainer is running already; await its promise first`);
  }
}

function checkBatches(op: string, { length }: Batches): void {
  if (length === 0) {
    throw new ValueError(`${op}: there are no batches; is the dataset empty, or smaller than one batch with dropLast?`);
  }
}

/** Batches whose position can be saved, so that a run stopped within an epoch goes on at the next batch. */
const isResumable = (
  batches: Batches,
): batches is Batches & { stateDict(): unknown; loadStateDict(state: unknown): void } =>
  'stateDict' in batches && 'loadStateDict' in batches;

/** Running averages of an epoch, and its clock. */
class Averages {
  readonly #averages: Map<string, Average>;
  readonly #before: number;
  readonly #start = performance.now();
  #taken: number | undefined;

  constructor(names: readonly string[], partial: PartialEpoch | null) {
    this.#averages = new Map(
      names.map((name) => [name, Average.from(partial?.averages[name] ?? { total: 0, count: 0 })]),
    );
    this.#before = partial?.seconds ?? 0;
  }

  add(count: number, values: Record<string, number>): void {
    for (const [name, average] of this.#averages) average.add(values[name], count);
  }

  scores<M extends string>(): Scores<M> {
    return Object.fromEntries([...this.#averages].map(([name, average]) => [name, average.value])) as Scores<M>;
  }

  /** Stops the clock. */
  stop(): void {
    this.#taken = this.seconds;
  }

  get seconds(): number {
    return this.#taken ?? this.#before + (performance.now() - this.#start) / 1000;
  }

  /** Examples so far. */
  get count(): number {
    return (this.#averages.get('loss') as Average).count;
  }

  state(batch: number): PartialEpoch {
    const averages = Object.fromEntries([...this.#averages].map(([name, average]) => [name, average.state()]));
    return { batch, seconds: this.seconds, averages };
  }
}
