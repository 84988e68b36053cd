import { EventEmitter } from 'node:events';
import { checkRange } from '../backend/index.js';
import { capture } from '../capture/index.js';
import { autocast, checkProductDType, type ProductDType } from '../core/autocast.js';
import { checkWhole } from '../core/check.js';
import { widen } from '../core/dtype.js';
import { StateError, ValueError } from '../core/errors.js';
import { Average } from '../metrics/average.js';
import type { Module } from '../nn/module.js';
import { clipGradNorm } from '../optim/clip.js';
import { mark } from '../profile/profiler.js';
import { noGrad } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { type BestWeights, type PartialEpoch, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { checkEarlyStopping, type EarlyStopping, judge } from './early_stopping.js';
import type { Batches, EpochRecord, FitOptions, Metric, Scores, TrainerEvents, TrainerOptions } from './records.js';

/** Milliseconds of work between two rests, in which the process's timers, requests and signals are served. */
const stretch = 20;

/**
 * Trains a model: the loop, with validation, checkpoints that resume bit for bit, progress as events, and a stop button.
 *
 *     const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
 *     showProgress(trainer);
 *     const history = await trainer.fit(batches, { epochs: 5, validation });
 *
 * Its events are those of `TrainerEvents`.
 */
export class Trainer<M extends string = never> extends EventEmitter<TrainerEvents<M>> {
  /** One record for each finished epoch. */
  history: EpochRecord<M>[] = [];
  #step = 0;
  /** What is done of an epoch that was stopped. */
  #partial: PartialEpoch | null = null;
  /** What early stopping would restore. */
  #best: BestWeights | null = null;
  #running = false;
  #stopping = false;
  #paused = false;
  /** Ends the wait of a paused run. */
  #wake = (): void => {};
  #rested = 0;

  constructor(
    readonly model: Module,
    readonly options: TrainerOptions<M>,
  ) {
    super();
    checkProductDType('Trainer: precision', this.#precision);
  }

  get #precision(): ProductDType {
    return this.options.precision ?? 'float32';
  }

  /** Steps done so far. */
  get step(): number {
    return this.#step;
  }

  /**
   * Trains until `epochs` epochs are done, early stopping ends the run, or `stop` or the signal does.
   *
   * @returns the history: one record an epoch
   * @throws ValueError when the loss is not finite; the last checkpoint stays as it is
   */
  async fit(batches: Batches, options: FitOptions<M>): Promise<EpochRecord<M>[]> {
    const { epochs, validation, checkpoint, earlyStopping, signal } = options;
    checkWhole('fit', 'epochs', epochs, 1);
    checkBatches('fit', batches);
    if (validation !== undefined) checkBatches('fit: validation', validation);
    if (earlyStopping !== undefined) checkEarlyStopping(Object.keys(this.options.metrics ?? {}), earlyStopping);
    this.#checkIdle('fit');
    this.#checkBest(earlyStopping);
    const isOver = () =>
      this.history.length >= epochs || (earlyStopping !== undefined && judge(this.history, earlyStopping).over);
    const stop = () => this.stop();
    this.#running = true;
    this.#stopping = signal?.aborted === true;
    signal?.addEventListener('abort', stop);
    try {
      await this.#hold();
      while (!this.#stopping && !isOver()) {
        const averages = await mark('epoch', () => this.#epoch(batches, epochs));
        if (averages !== null) {
          await this.#finish(averages, epochs, validation);
          if (earlyStopping !== undefined) this.#compare(earlyStopping);
        }
        if (checkpoint !== undefined) await this.save(checkpoint, batches);
      }
      if (earlyStopping?.restoreBest && this.#best !== null && isOver()) this.model.loadStateDict(this.#best.weights);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#running = false;
      this.emit('end');
    }
    return this.history;
  }

  /** Lets no step begin until `resume()`; the step that runs is finished first. A `fit` that is to come waits too. */
  pause(): void {
    this.#paused = true;
  }

  /** Ends the running `fit` after its current step, also if it is paused: it saves its checkpoint and returns. */
  stop(): void {
    if (!this.#running) return;
    this.#stopping = true;
    this.#paused = false;
    this.#wake();
  }

  /** Waits while the run is paused; returns for how long, in milliseconds. */
  async #hold(): Promise<number> {
    if (!this.#paused || this.#stopping) return 0;
    const start = performance.now();
    // Of a promise alone Node would not wait: what resumes the run may be a signal handler.
    const alive = setInterval(() => {}, 2 ** 30);
    this.emit('pause');
    // Again, if it was paused anew in the moment that it was resumed.
    while (this.#paused) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearInterval(alive);
    this.#wake = () => {};
    if (!this.#stopping) this.emit('resume');
    return performance.now() - start;
  }

  /** Trains for one epoch, or the rest of a stopped one; null if it was stopped. */
  async #epoch(batches: Batches, epochs: number): Promise<Averages | null> {
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
      averages.pass(await this.#hold());
      if (this.#stopping && batch < batches.length) {
        this.#partial = averages.state(batch);
        return null;
      }
    }
    averages.stop();
    return averages;
  }

  #trainStep(input: Tensor, target: Tensor, averages: Averages): number {
    const { loss, output } =
      this.options.capture === false ? this.#update(input, target) : this.#captured(input, target);
    this.#step++;
    const value = Number(loss.item());
    averages.add(target.shape[0] ?? 1, { loss: value, ...this.#measure(output, target) });
    return value;
  }

  /** The part of a step that is on tensors alone. */
  #update(input: Tensor, target: Tensor): { loss: Tensor; output: Tensor } {
    const { optimizer, loss: lossOf, clipNorm } = this.options;
    optimizer.zeroGrad();
    const { output, loss } = autocast(this.#precision, () => {
      const output = this.model.forward(input);
      return { output, loss: lossOf(output, target) };
    });
    checkRange(
      loss.detach().to(widen(loss.dtype)),
      { low: -Number.MAX_VALUE, high: Number.MAX_VALUE },
      (value) =>
        new ValueError(
          `fit: the loss is ${value} at step ${this.#step + 1}; lower the learning rate (${optimizer.groups[0].lr}), clip gradients, or find the first op that made it with detectAnomaly`,
        ),
    );
    loss.backward();
    if (clipNorm !== undefined) clipGradNorm(this.model.parameters(), clipNorm);
    optimizer.step();
    return { loss, output };
  }

  readonly #captured = capture((input: Tensor, target: Tensor) => this.#update(input, target), {
    otherwise: ({ message }) => this.emit('log', `the step is not captured: ${message}`),
  });

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

  /** Keeps the weights of the best epoch, and says so when the run is to end. */
  #compare(options: EarlyStopping<M>): void {
    const { metric = 'loss', restoreBest = false } = options;
    const { best, score, over } = judge(this.history, options);
    const epoch = this.history.length;
    if (restoreBest && (best === epoch || this.#best === null)) {
      const weights = [...this.model.stateDict()].map(([name, tensor]) => [name, tensor.clone()] as const);
      this.#best = { epoch, weights: new Map(weights) };
    }
    if (over) {
      this.emit('log', `early stopping after epoch ${epoch}: ${metric} did not improve on ${score} of epoch ${best}`);
    }
  }

  /** Refuses to restore later what nobody kept. */
  #checkBest(options: EarlyStopping<M> | undefined): void {
    if (options?.restoreBest !== true || this.history.length === 0) return;
    const best = Math.max(1, judge(this.history, options).best);
    if (this.#best?.epoch === best) return;
    const kept = this.#best === null ? 'none' : `those of epoch ${this.#best.epoch}`;
    throw new StateError(
      `fit: earlyStopping.restoreBest needs the weights of epoch ${best}, the best so far; this run kept ${kept}; leave it out, or give the same earlyStopping from the first epoch on`,
    );
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
        noGrad(() => autocast(this.#precision, () => visit(this.model.forward(input), target)));
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
      best: this.#best,
      batches: isResumable(batches) ? batches.stateDict() : null,
    });
  }

  /** Goes on after `pause`. */
  resume(): void;
  /**
   * Puts back what `save` wrote; the next `fit` goes on from there. Nothing changes if the file does not fit. Of batches
   * without a position, such as an array, those before it are passed over; they must come in the same order.
   *
   * @throws FormatError for a file that is no checkpoint; ValueError, StateError for one of another model, optimiser, schedule
   */
  resume(path: string, batches: Batches): Promise<void>;
  async resume(...checkpoint: [] | [path: string, batches: Batches]): Promise<void> {
    if (checkpoint.length === 0) {
      this.#paused = false;
      this.#wake();
      return;
    }
    const [path, batches] = checkpoint;
    this.#checkIdle('resume');
    const { step, history, partial, best } = await readCheckpoint(path, this.model, this.options, (position) => {
      if (isResumable(batches) && position !== null) batches.loadStateDict(position);
    });
    this.#step = step;
    this.history = history as EpochRecord<M>[];
    this.#partial = partial;
    this.#best = best;
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
  #start = performance.now();
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

  /** Leaves so many milliseconds out of the clock. */
  pass(milliseconds: number): void {
    this.#start += milliseconds;
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
