import { Average, type AverageState } from '../metrics/average.js';
import { type Measurement, Running } from '../metrics/metric.js';
import type { Scores } from './records.js';

/** An epoch that was stopped: batches done, seconds, what was counted so far. */
export interface PartialEpoch {
  batch: number;
  seconds: number;
  loss: AverageState;
  /** By metric. */
  counts: Record<string, unknown>;
}

/** What a metric counts, whatever it takes. */
export type AnyMeasurement = Measurement<any, number, any, any>;

/** Scores of an epoch or an evaluation, as its batches come, and its clock. */
export class Tally {
  readonly #loss = new Average();
  readonly #metrics = new Map<string, Running<unknown, number, unknown, unknown>>();
  readonly #measurementOf: (name: string) => AnyMeasurement;
  readonly #before: number;
  #start = performance.now();
  #taken: number | undefined;

  /** @param measurementOf  what is counted under a name */
  constructor(measurementOf: (name: string) => AnyMeasurement, partial: PartialEpoch | null = null) {
    this.#measurementOf = measurementOf;
    this.#before = partial?.seconds ?? 0;
    if (partial === null) return;
    this.#loss.loadStateDict(partial.loss);
    for (const [name, counts] of Object.entries(partial.counts)) this.#metric(name).loadStateDict(counts);
  }

  /**
   * Adds a batch.
   *
   * @param count  its examples
   * @param given  what each metric counts
   */
  add(count: number, loss: number, given: Readonly<Record<string, readonly [unknown, unknown]>>): void {
    this.#loss.add(loss, count);
    for (const name in given) this.#metric(name).add(...given[name]);
  }

  #metric(name: string): Running<unknown, number, unknown, unknown> {
    let running = this.#metrics.get(name);
    if (running === undefined) {
      running = new Running(this.#measurementOf(name));
      this.#metrics.set(name, running);
    }
    return running;
  }

  scores<M extends string>(): Scores<M> {
    const metrics = [...this.#metrics].map(([name, running]) => [name, running.value] as const);
    return { loss: this.#loss.value, ...Object.fromEntries(metrics) } as Scores<M>;
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
    return this.#loss.count;
  }

  state(batch: number): PartialEpoch {
    const counts = [...this.#metrics].map(([name, running]) => [name, running.stateDict()] as const);
    return { batch, seconds: this.seconds, loss: this.#loss.stateDict(), counts: Object.fromEntries(counts) };
  }
}
