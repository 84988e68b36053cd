import { EventEmitter } from 'node:events';
import type { Tree } from '../autodiff/tree.js';
import { checkObject, checkWhole } from '../core/check.js';
import { StateError, ValueError } from '../core/errors.js';
import type { Stateful } from '../core/state.js';
import type { Module } from '../nn/module.js';
import { Optimizer } from '../optim/optimizer.js';
import { Schedule } from '../optim/schedule/schedule.js';
import { mark } from '../profile/profiler.js';
import { noGrad } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Callbacks, type Outcome } from './callbacks/callback.js';
import { type CheckpointParts, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { OwnStep } from './own_step.js';
import type { Progress } from './progress.js';
import type {
  Batches,
  EpochRecord,
  Example,
  FitOptions,
  Scores,
  StepOptions,
  TrainerEvents,
  TrainerOptions,
  TrainerParts,
} from './records.js';
import { checkRunState, type RunState, random } from './run_state.js';
import { Supervised } from './supervised.js';
import { type PartialEpoch, Tally } from './tally.js';
import type { Task } from './task.js';

/** Milliseconds of work between two rests, in which the process's timers, requests and signals are served. */
const stretch = 20;

/** Losses that are not finite, by the errors that they are reported with. */
const divergences = new WeakMap<object, number>();

/**
 * Trains a model: the loop, with validation, callbacks, checkpoints that resume bit for bit, progress as events, and a
 * stop button.
 *
 *     const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
 *     showProgress(trainer);
 *     const history = await trainer.fit(batches, { epochs: 5, validation });
 *
 * Several inputs, outputs, losses or optimisers are a step of one's own over parts by name:
 *
 *     new Trainer({ generator, critic, first, second }, { step: (real: Tensor) => ({ loss, criticLoss }) });
 *
 * Its events are those of `TrainerEvents`.
 */
export class Trainer<M extends string = never, B extends readonly Tree[] = Example> extends EventEmitter<
  TrainerEvents<M>
> {
  /** One record for each finished epoch. */
  history: EpochRecord<M>[] = [];
  readonly #task: Task;
  readonly #optimizer: Optimizer;
  readonly #schedules: readonly Schedule[];
  #step = 0;
  /** What is done of an epoch that was stopped. */
  #partial: PartialEpoch | null = null;
  /** Of the running fit; and states of callbacks that none of them has taken. */
  #callbacks = new Callbacks([]);
  #states: Readonly<Record<string, unknown>> = {};
  #batches: Batches<B> | undefined;
  #running = false;
  #stopping = false;
  #paused = false;
  /** Ends the wait of a paused run. */
  #wake = (): void => {};
  #rested = 0;

  constructor(model: Module, options: TrainerOptions<M>);
  constructor(parts: TrainerParts, options: StepOptions<M, B>);
  constructor(
    trained: Module | TrainerParts,
    readonly options: TrainerOptions<M> | StepOptions<M, B>,
  ) {
    super();
    checkObject('Trainer', 'options', options);
    const listener = {
      diverged: (loss: number) => this.#diverged(loss),
      log: (message: string) => this.emit('log', message),
    };
    this.#task =
      'step' in options
        ? new OwnStep(trained as TrainerParts, options, listener)
        : new Supervised(trained as Module, options as TrainerOptions<string>, listener);
    const parts = Object.values(this.#task.parts);
    const optimizer = parts.find((part) => part instanceof Optimizer);
    if (optimizer === undefined) {
      throw new ValueError(
        `Trainer: there must be an optimiser among the parts; got ${Object.keys(this.#task.parts).join(', ')}`,
      );
    }
    this.#optimizer = optimizer;
    this.#schedules = parts.filter((part) => part instanceof Schedule);
  }

  /** What is trained; of a step of one's own, all modules of its parts as one. */
  get model(): Module {
    return this.#task.model;
  }

  /** Steps done so far. */
  get step(): number {
    return this.#step;
  }

  /** Names of the scores that it gives, 'loss' first; undefined before the first step of one's own. */
  get scores(): readonly string[] | undefined {
    return this.#task.scores;
  }

  /** Which scores are better; undefined where neither the metric nor anybody says so. */
  better(score: string): 'higher' | 'lower' | undefined {
    return this.#task.better(score);
  }

  /**
   * Trains until `epochs` epochs are done, a callback ends the run, or `stop` or the signal does.
   *
   * @returns the history: one record an epoch
   * @throws ValueError when the loss is not finite; the last checkpoint stays as it is
   */
  async fit(batches: Batches<B>, options: FitOptions<B>): Promise<EpochRecord<M>[]> {
    const { epochs, validation, checkpoint, signal } = options;
    checkWhole('fit', 'epochs', epochs, 1);
    checkBatches('fit', batches);
    if (validation !== undefined) checkBatches('fit: validation', validation);
    const callbacks = new Callbacks(options.callbacks ?? []);
    this.#checkIdle('fit');
    const stop = () => this.stop();
    this.#running = true;
    this.#stopping = signal?.aborted === true;
    this.#batches = batches;
    signal?.addEventListener('abort', stop);
    let outcome: Outcome = 'failed';
    try {
      callbacks.load(this.#states);
      this.#callbacks = callbacks;
      let over = await callbacks.ask('begin', this);
      await this.#hold();
      while (!this.#stopping && !over && this.history.length < epochs) {
        const tally = await mark('epoch', () => this.#epoch(batches, epochs));
        if (tally === 'diverged') break;
        if (tally !== 'stopped') {
          const record = await this.#finish(tally, epochs, validation);
          over = await callbacks.ask('epoch', record, this);
          await callbacks.checkpoint(record, this);
        }
        if (checkpoint !== undefined) await this.save(checkpoint);
      }
      outcome = over || this.history.length >= epochs ? 'finished' : 'stopped';
    } finally {
      signal?.removeEventListener('abort', stop);
      try {
        await callbacks.end(this, outcome);
      } finally {
        this.#states = this.#callbackStates();
        this.#callbacks = new Callbacks([]);
        this.#running = false;
        this.emit('end');
      }
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

  /** Trains for one epoch, or the rest of a stopped one; its scores, unless it came to no end. */
  async #epoch(batches: Batches<B>, epochs: number): Promise<Tally | 'stopped' | 'diverged'> {
    const epoch = this.history.length + 1;
    const tally = new Tally((name) => this.#task.measurementOf(name), this.#partial);
    let batch = this.#partial?.batch ?? 0;
    // Within this process a stopped loop would begin a new epoch; a loaded position goes on.
    if (batch > 0 && isResumable(batches)) batches.loadStateDict(batches.stateDict());
    let done = isResumable(batches) ? 0 : batch;
    this.#partial = null;

    this.model.train();
    for await (const given of batches) {
      if (done-- > 0) continue;
      const { lr } = this.#optimizer.groups[0];
      const loss = await this.#train(given, tally);
      if (loss === null) return 'diverged';
      batch++;
      const record = { epoch, step: this.#step, loss, lr };
      this.emit('step', record);
      this.emit('progress', this.#progress(tally, epochs, Math.round((tally.count / batch) * batches.length)));
      if (await this.#callbacks.ask('step', record, this)) this.stop();
      await this.#rest();
      tally.pass(await this.#hold());
      if (this.#stopping && batch < batches.length) {
        this.#partial = tally.state(batch);
        return 'stopped';
      }
    }
    tally.stop();
    return tally;
  }

  /** One step; null if its loss is not finite and a callback ends the run for it. */
  async #train(batch: B, tally: Tally): Promise<number | null> {
    let loss: number;
    try {
      loss = mark('step', () => this.#task.train(batch, tally));
    } catch (error) {
      const loss = divergences.get(error as object);
      if (loss === undefined || !(await this.#callbacks.ask('diverged', loss, this))) throw error;
      return null;
    }
    this.#step++;
    this.#stepSchedules('step', loss);
    return loss;
  }

  #diverged(loss: number): ValueError {
    const { lr } = this.#optimizer.groups[0];
    const error = new ValueError(
      `fit: the loss is ${loss} at step ${this.#step + 1}; lower the learning rate (${lr}), clip gradients, or find the first op that made it with detectAnomaly`,
    );
    divergences.set(error, loss);
    return error;
  }

  #stepSchedules(when: 'step' | 'epoch', loss: number): void {
    for (const schedule of this.#schedules) if (schedule.every === when) schedule.step(loss);
  }

  #progress(tally: Tally, epochs: number, total: number): Progress {
    return {
      epoch: this.history.length + 1,
      epochs,
      done: tally.count,
      total,
      seconds: tally.seconds,
      shares: this.#task.shares,
      // When somebody looks: a curve's score takes longer than a small step.
      get metrics() {
        return tally.scores();
      },
    };
  }

  async #finish(tally: Tally, epochs: number, batches: Batches<B> | undefined): Promise<EpochRecord<M>> {
    const { count, seconds } = tally;
    const epoch = this.history.length + 1;
    const train = tally.scores<M>();
    const validation = batches && { validation: await this.evaluate(batches) };
    this.#stepSchedules('epoch', (validation?.validation ?? train).loss);
    const progress = this.#progress(tally, epochs, count);
    const record: EpochRecord<M> = { epoch, train, ...validation, seconds, itemsPerSecond: count / seconds };
    this.history.push(record);
    this.emit('epoch', record, { ...progress, metrics: train, ...validation });
    return record;
  }

  /** Loss and metrics over batches, in evaluation mode and without recording. */
  async evaluate(batches: Batches<B>): Promise<Scores<M>> {
    checkBatches('evaluate', batches);
    const tally = new Tally((name) => this.#task.measurementOf(name));
    await this.#inEvaluation(batches, (batch) => this.#task.evaluate(batch, tally));
    return tally.scores();
  }

  /** The model's outputs for batches, in their order, in evaluation mode and without recording. */
  async predict(batches: Batches<B>): Promise<Tensor[]> {
    const outputs: Tensor[] = [];
    await this.#inEvaluation(batches, (batch) => outputs.push(this.#task.predict(batch)));
    return outputs;
  }

  async #inEvaluation(batches: Batches<B>, visit: (batch: B) => void): Promise<void> {
    for await (const batch of batches) {
      // For each batch anew: a `fit` of the same model may take its turn in between.
      const modes = this.model.modules().map((module) => [module, module.training] as const);
      this.model.eval();
      try {
        noGrad(() => visit(batch));
      } finally {
        for (const [module, training] of modes) module.training = training;
      }
      await this.#rest();
    }
  }

  /** Lets the event loop run from time to time. */
  async #rest(): Promise<void> {
    if (performance.now() - this.#rested < stretch) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#rested = performance.now();
  }

  /**
   * Writes all that a run needs to go on as if it had never stopped: one file, replaced at once or not at all.
   *
   * @param batches  whose position is kept; default: those of the running fit
   */
  async save(path: string, batches: Batches<B> | undefined = this.#batches): Promise<void> {
    await writeCheckpoint(path, this.#parts(batches));
  }

  /** Goes on after `pause`. */
  resume(): void;
  /**
   * Puts back what `save` wrote; the next `fit` goes on from there. Nothing changes if the file does not fit. Of batches
   * without a position, such as an array, those before it are passed over; they must come in the same order.
   *
   * @throws FormatError for a file that is no checkpoint; ValueError, StateError for one of other parts
   */
  resume(path: string, batches: Batches<B>): Promise<void>;
  async resume(...checkpoint: [] | [path: string, batches: Batches<B>]): Promise<void> {
    if (checkpoint.length === 0) {
      this.#paused = false;
      this.#wake();
      return;
    }
    const [path, batches] = checkpoint;
    this.#checkIdle('resume');
    await readCheckpoint(path, this.#parts(batches));
  }

  /** All that a run is, in the order in which it is put back: the data last, whose position may not fit. */
  #parts(batches: Batches<B> | undefined): CheckpointParts {
    return {
      ...this.#task.parts,
      random,
      callbacks: {
        stateDict: () => this.#callbackStates(),
        loadStateDict: (states: Readonly<Record<string, unknown>>) => {
          this.#states = states;
        },
      },
      trainer: {
        stateDict: () => ({ step: this.#step, history: this.history, partial: this.#partial }),
        loadStateDict: (state: RunState<M>) => {
          checkRunState(state);
          this.#step = state.step;
          this.history = state.history;
          this.#partial = state.partial;
        },
      },
      batches: {
        stateDict: () => (batches !== undefined && isResumable(batches) ? batches.stateDict() : null),
        loadStateDict: (position: unknown) => {
          if (batches !== undefined && isResumable(batches) && position !== null) batches.loadStateDict(position);
        },
      },
    };
  }

  #callbackStates(): Record<string, unknown> {
    return { ...this.#states, ...this.#callbacks.states() };
  }

  #checkIdle(op: string): void {
    if (this.#running) throw new StateError(`${op}: this trainer is running already; await its promise first`);
  }
}

function checkBatches(op: string, { length }: { readonly length: number }): void {
  if (length === 0) {
    throw new ValueError(`${op}: there are no batches; is the dataset empty, or smaller than one batch with dropLast?`);
  }
}

/** Batches whose position can be saved, so that a run stopped within an epoch goes on at the next batch. */
const isResumable = <B>(batches: Batches<B>): batches is Batches<B> & Stateful =>
  'stateDict' in batches && 'loadStateDict' in batches;
