import type { Stateful } from '../core/state.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor/tensor.js';
import type { AnyMeasurement, Tally } from './tally.js';

/** What a trainer does with a batch: by a loss and an optimiser (supervised.ts), or by a step of the user's. */
export interface Task {
  /** What trains, by the names that a checkpoint keeps. */
  readonly parts: Readonly<Record<string, Stateful>>;
  /** All modules of them as one. */
  readonly model: Module;
  /** The scores that it gives, 'loss' first; undefined before the first step of a user's own. */
  readonly scores: readonly string[] | undefined;
  /** What it says of a score. */
  better(score: string): 'higher' | 'lower' | undefined;
  /** Scores that are shown as percentages. */
  readonly shares: readonly string[];
  measurementOf(score: string): AnyMeasurement;
  /** One step of training; returns its loss. */
  train(batch: readonly any[], tally: Tally): number;
  /** In evaluation mode and without recording. */
  evaluate(batch: readonly any[], tally: Tally): void;
  /** In evaluation mode and without recording. */
  predict(batch: readonly any[]): Tensor;
}

/** What a task tells the trainer while it trains. */
export interface TaskListener {
  /** The error for a loss that is not finite. */
  diverged(loss: number): Error;
  log(message: string): void;
}
