import type { ProductDType } from '../core/autocast.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedule/schedule.js';
import type { Tensor } from '../tensor/tensor.js';
import type { EarlyStopping } from './early_stopping.js';
import type { Progress } from './progress.js';

/* What a Trainer is given, and what it tells. */

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
  /**
   * Capture the training step where that is possible, for the same bits in less time; a `log` event says where it is not.
   * false where the model or the loss does something in JavaScript that counts, or that is not the same in every step.
   * Default true.
   */
  capture?: boolean;
  /**
   * What products are taken in, in training, `evaluate` and `predict`: see `autocast`. Weights, gradients, the optimiser's
   * state and checkpoints are float32 either way. Default 'float32'.
   */
  precision?: ProductDType;
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

export interface FitOptions<M extends string = string> {
  /** Total number of epochs, those before a resume included. */
  epochs: number;
  /** Evaluated after every epoch. */
  validation?: Batches;
  /** File that is replaced after every epoch, and when the run is stopped. */
  checkpoint?: string;
  /** Ends the run when it no longer improves; default: it goes on to the last epoch. */
  earlyStopping?: EarlyStopping<M>;
  /** Stops the run as `stop` does. */
  signal?: AbortSignal;
}

/** What a trainer tells its listeners. */
export interface TrainerEvents<M extends string> {
  /** After every step. */
  step: [StepRecord];
  /** After every step: where the run stands. */
  progress: [Progress];
  /** After every epoch, its validation included. */
  epoch: [EpochRecord<M>, Progress];
  /** What is worth telling a person; `trainer.emit('log', …)` adds to it. */
  log: [message: unknown];
  /** The run waits for `resume`. */
  pause: [];
  /** It goes on. */
  resume: [];
  /** `fit` is over, for whatever reason. */
  end: [];
}
