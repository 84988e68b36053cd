import { ValueError } from '../../core/errors.js';
import type { Stateful } from '../../core/state.js';
import type { EpochRecord, StepRecord } from '../records.js';
import type { Trainer } from '../trainer.js';

/** A trainer, whatever its scores and batches. */
export type AnyTrainer = Trainer<any, any>;

/** How a `fit` ended: its last epoch is done or a callback ended it; `stop` did; an error did. */
export type Outcome = 'finished' | 'stopped' | 'failed';

/**
 * What acts on a run; who only looks on listens to the trainer's events. Every hook is awaited. What can be derived from
 * `run.history` needs no state; other state is kept in checkpoints by `stateDict` and `loadStateDict`, under the name:
 * the next `fit` with a callback of this name goes on from it.
 */
export interface Callback extends Partial<Stateful> {
  /** Of one callback of a fit. */
  readonly name: string;
  /** Before the first step, with the state of an earlier fit; 'stop': there is nothing left to do. */
  begin?(run: AnyTrainer): Awaitable<'stop' | void>;
  /** After a step; 'stop' ends the run as `trainer.stop()` does. */
  step?(record: StepRecord, run: AnyTrainer): Awaitable<'stop' | void>;
  /** After an epoch and its validation; 'stop' makes it the last one. */
  epoch?(record: EpochRecord<string>, run: AnyTrainer): Awaitable<'stop' | void>;
  /** After the `epoch` of every callback: what writes the run's state. */
  checkpoint?(record: EpochRecord<string>, run: AnyTrainer): Awaitable<void>;
  /** The loss of a step is not finite; 'stop' ends the run where else `fit` throws. */
  diverged?(loss: number, run: AnyTrainer): Awaitable<'stop' | void>;
  /** When fit is over, however it ended. */
  end?(run: AnyTrainer, outcome: Outcome): Awaitable<void>;
}

type Awaitable<T> = T | Promise<T>;

/** Hooks whose result may end a run. */
type Asking = 'begin' | 'step' | 'epoch' | 'diverged';

/** The callbacks of one fit, asked in their order. */
export class Callbacks {
  readonly #all: readonly Callback[];

  /** @throws ValueError "fit: each callback must have a name of its own; there are two of early_stopping" */
  constructor(callbacks: readonly Callback[]) {
    const names = callbacks.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new ValueError(`fit: each callback must have a name of its own; there are two of ${twice}`);
    }
    this.#all = callbacks;
  }

  /** Whether one of them wants the run to end; all are asked. */
  async ask<H extends Asking>(hook: H, ...args: Parameters<Required<Callback>[H]>): Promise<boolean> {
    let stop = false;
    for (const callback of this.#all) {
      const ask = callback[hook] as ((...args: unknown[]) => Awaitable<'stop' | void>) | undefined;
      if (ask === undefined) continue;
      const answer = ask.apply(callback, args);
      // A step in which nobody waits costs no turn of the event loop.
      if ((answer instanceof Promise ? await answer : answer) === 'stop') stop = true;
    }
    return stop;
  }

  async checkpoint(record: EpochRecord<string>, run: AnyTrainer): Promise<void> {
    for (const callback of this.#all) await callback.checkpoint?.(record, run);
  }

  async end(run: AnyTrainer, outcome: Outcome): Promise<void> {
    for (const callback of this.#all) await callback.end?.(run, outcome);
  }

  /** By name, of those that have one. */
  states(): Record<string, unknown> {
    return Object.fromEntries(
      this.#all.flatMap((callback) =>
        callback.stateDict === undefined ? [] : [[callback.name, callback.stateDict()]],
      ),
    );
  }

  load(states: Readonly<Record<string, unknown>>): void {
    for (const callback of this.#all) {
      if (callback.name in states) callback.loadStateDict?.(states[callback.name]);
    }
  }
}
