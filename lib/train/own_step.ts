import { checkedLeaves, type Tree } from '../autodiff/tree.js';
import { capture } from '../capture/index.js';
import { checkFunction, checkObject } from '../core/check.js';
import { StateError, ValueError } from '../core/errors.js';
import type { Stateful } from '../core/state.js';
import { mean } from '../metrics/average.js';
import { summed } from '../metrics/metric.js';
import { Module } from '../nn/module.js';
import { Tensor } from '../tensor/tensor.js';
import type { Losses, StepOptions, TrainerParts } from './records.js';
import type { AnyMeasurement, Tally } from './tally.js';
import type { Task, TaskListener } from './task.js';

/** The modules of a step of the user's, as one: for its modes, its weights and its hooks. */
class Parts extends Module {
  constructor(modules: Readonly<Record<string, Module>>) {
    super();
    Object.assign(this, modules);
  }

  forward(): never {
    throw new StateError('predict: a trainer with a step of its own has several parts; call their forward');
  }
}

/** Names of a checkpoint's other parts. */
const reserved = ['callbacks', 'random', 'trainer', 'batches'];

/** A step of the user's, on whatever its batches hold. */
export class OwnStep implements Task {
  readonly parts: Readonly<Record<string, Stateful>>;
  readonly model: Module;
  readonly shares: readonly string[];
  scores: readonly string[] | undefined;
  readonly #options: StepOptions<string, any>;
  readonly #listener: TaskListener;
  readonly #captured: (...batch: Tree[]) => Losses<string>;

  constructor(parts: TrainerParts, options: StepOptions<string, any>, listener: TaskListener) {
    checkObject('Trainer', 'the parts', parts);
    checkFunction('Trainer', 'step', options.step);
    const taken = Object.keys(parts).find((name) => reserved.includes(name));
    if (taken !== undefined) {
      throw new ValueError(`Trainer: no part may be named ${taken}, which the trainer keeps itself; rename it`);
    }
    this.parts = parts;
    this.model = new Parts(
      Object.fromEntries(
        Object.entries(parts).flatMap(([name, part]) => (part instanceof Module ? [[name, part]] : [])),
      ),
    );
    const { scores = {} } = options;
    checkObject('Trainer', 'scores', scores);
    this.shares = Object.keys(scores).filter((name) => scores[name]?.unit === 'share');
    this.#options = options;
    this.#listener = listener;
    this.#captured = capture(options.step, {
      otherwise: ({ message }) => listener.log(`the step is not captured: ${message}`),
    });
  }

  better(score: string): 'higher' | 'lower' | undefined {
    return score === 'loss' ? 'lower' : this.#options.scores?.[score]?.better;
  }

  /** A mean, of values that come with their examples. */
  measurementOf(): AnyMeasurement {
    return { count: (value: number, count: number) => ({ total: value * count, count }), merge: summed, score: mean };
  }

  train(batch: readonly Tree[], tally: Tally): number {
    const step = this.#options.capture === false ? this.#options.step : this.#captured;
    const { loss, ...scores } = this.#read('step', step(...batch));
    if (!Number.isFinite(loss)) throw this.#listener.diverged(loss);
    this.#add(tally, batch, loss, scores);
    return loss;
  }

  evaluate(batch: readonly Tree[], tally: Tally): void {
    const { evaluate } = this.#options;
    if (evaluate === undefined) {
      throw new StateError('evaluate: a trainer with a step of its own needs the option evaluate; give it beside step');
    }
    const { loss, ...scores } = this.#read('evaluate', evaluate(...batch));
    this.#add(tally, batch, loss, scores);
  }

  predict(): Tensor {
    return this.model.forward();
  }

  /** @throws ValueError "fit: step must return scalars by name, a loss among them; got 12 elements as loss" */
  #read(from: string, losses: Losses<string>): Record<string, number> & { loss: number } {
    const expected: Readonly<Record<string, unknown>> = { ...losses, loss: losses.loss };
    for (const [name, x] of Object.entries(expected)) {
      if (x instanceof Tensor && x.size === 1) continue;
      const got = x instanceof Tensor ? `${x.size} elements` : `a ${typeof x}`;
      throw new ValueError(`fit: ${from} must return scalars by name, a loss among them; got ${got} as ${name}`);
    }
    const values = Object.entries(losses).map(([name, x]) => [name, Number(x.item())] as const);
    this.scores ??= Object.keys(losses);
    return Object.fromEntries(values) as Record<string, number> & { loss: number };
  }

  /** The first tensor of a batch tells how many examples it has. */
  #add(tally: Tally, batch: readonly Tree[], loss: number, scores: Record<string, number>): void {
    const count = checkedLeaves('fit', 'a batch', batch)[0]?.shape[0] ?? 1;
    tally.add(count, loss, Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, [value, count]])));
  }
}
