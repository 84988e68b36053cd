import type { Tree } from '../autodiff/tree.js';
import type { ProductDType } from '../core/autocast.js';
import type { Stateful } from '../core/state.js';
import type { Meaning, Measurement } from '../metrics/metric.js';
import type { Module } from '../nn/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedule/schedule.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Callback } from './callbacks/callback.js';
import type { Progress } from './progress.js';

/* What a Trainer is given, and what it tells. */

/** A pair of a model's input and its target. */
export type Example = readonly [input: Tensor, target: Tensor];

/**
 * Anything that gives batches, an epoch each time it is iterated: a DataLoader, an array, or a stream that is awaited.
 * `length` counts the batches of an epoch; Infinity for a stream that does not know.
 */
export type Batches<B = Example> = (Iterable<B> | AsyncIterable<B>) & { readonly length: number };

/**
 * How good an output is: a metric of `adjoint/metrics`, or a function of one batch, averaged over the examples of an
 * epoch, which may say in `better` and `unit` what it means.
 */
export interface BatchMetric extends Partial<Meaning & Measurement<any, number, any, any>> {
  (output: Tensor, target: Tensor): number;
}

interface CommonOptions {
  /**
   * Capture the training step where that is possible, for the same bits in less time; a `log` event says where it is not.
   * false where the model or the loss does something in JavaScript that counts, or that is not the same in every step.
   * Default true.
   */
  capture?: boolean;
}

/** Of a model with an input, an output and a loss. */
export interface TrainerOptions<M extends string> extends CommonOptions {
  /** Of the model's parameters. */
  optimizer: Optimizer;
  /** From the model's output and the target to one number. */
  loss: (output: Tensor, target: Tensor) => Tensor;
  /** By the names under which epochs are reported. */
  metrics?: Record<M, BatchMetric>;
  /** Stepped after every step or every epoch, as it says, with the loss: of an epoch the validation's where there is one. */
  schedule?: Schedule;
  /** Largest norm of all gradients together; default: no clipping. */
  clipNorm?: number;
  /**
   * What products are taken in, in training, `evaluate` and `predict`: see `autocast`. Weights, gradients, the optimiser's
   * state and checkpoints are float32 either way. Default 'float32'.
   */
  precision?: ProductDType;
}

/** Losses and scores of a batch: scalars by name. */
export type Losses<M extends string> = { readonly loss: Tensor<any, any> } & { readonly [name in M]: Tensor<any, any> };

/** Of several inputs, outputs, losses or optimisers: the step is the user's. */
export interface StepOptions<M extends string, B extends readonly Tree[]> extends CommonOptions {
  /** Changes the parts by a batch; what it returns is averaged over the examples of an epoch. */
  step: (...batch: B) => Losses<M>;
  /** The same of a batch that is not learnt from; `evaluate` and `fit`'s validation need it. */
  evaluate?: (...batch: B) => Losses<M>;
  /**
   * What the scores mean, for progress, early stopping and the choice of checkpoints: a metric that they are values of,
   * `{ accuracy }`, or `{ gap: { better: 'lower', unit: 'number' } }`. Default: plain numbers, of which only the loss is
   * better when lower.
   */
  scores?: Partial<Record<NoInfer<M>, Partial<Meaning>>>;
}

/** What a step of one's own works with, by the names that a checkpoint keeps: modules, optimisers, schedules, and more. */
export type TrainerParts = Readonly<Record<string, Module | Stateful>>;

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

export interface FitOptions<B = Example> {
  /** Total number of epochs, those before a resume included. */
  epochs: number;
  /** Evaluated after every epoch. */
  validation?: Batches<B>;
  /** File that is replaced after every epoch, and when the run is stopped. */
  checkpoint?: string;
  /** What acts on the run: early stopping, checkpoints of several epochs, statistics; asked in their order. */
  callbacks?: readonly Callback[];
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
