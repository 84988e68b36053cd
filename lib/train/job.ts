import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StateError, ValueError } from '../core/errors.js';
import type { Batches, EpochRecord, FitOptions, TrainerEvents } from './records.js';
import { type SharedWeights, type WeightsOfStep, WeightsReader } from './shared_weights.js';
import { type PackedError, packError, unpackError } from './thread_error.js';
import type { Trainer } from './trainer.js';

/** What a job module's function makes in the worker: what `trainer.fit(batches, fit)` needs. */
export interface JobPlan<M extends string = never> {
  trainer: Trainer<M, any>;
  batches: Batches<any>;
  fit: Omit<FitOptions<any>, 'signal'>;
}

/** The default export of a job module: builds the training in the worker, from data that the main thread sent. */
export type JobFunction = (data: any) => JobPlan<any> | Promise<JobPlan<any>>;

type MetricsOf<F extends JobFunction> = Awaited<ReturnType<F>> extends JobPlan<infer M> ? M : never;

export interface JobOptions<Data> {
  /** Argument of the job's function; copied as by `structuredClone`, so a SharedArrayBuffer is shared. */
  data?: Data;
  /** Stops the job as `stop` does. */
  signal?: AbortSignal;
}

/** A trainer's events, and the error that ended the job. */
export interface JobEvents<M extends string> extends TrainerEvents<M> {
  error: [Error];
}

/** What the worker is started with, and what it is told. */
export interface JobStart {
  module: string;
  data: unknown;
}
export type JobCommand = 'pause' | 'resume' | 'stop' | 'next';

/**
 * What the worker tells. Steps come as columns, [epoch, step, loss, lr] each: 100,000 objects a second would be a
 * flood.
 */
export type JobEvent =
  | { kind: 'steps'; records: Float64Array }
  | { kind: 'event'; name: Exclude<keyof TrainerEvents<string>, 'step' | 'end'>; args: unknown[] };
export type JobMessage<M extends string = string> =
  | { kind: 'ready'; weights: SharedWeights }
  | { kind: 'events'; events: JobEvent[] }
  | { kind: 'finished'; history: EpochRecord<M>[] }
  | { kind: 'failed'; error: PackedError };

/** Milliseconds of events at a stretch, between which this thread does its other work. */
const stretch = 5;

/**
 * Trains in a worker thread, so that this one stays free, and can serve predictions from the weights of the last
 * finished step.
 *
 *     // digits.job.ts: runs in the worker
 *     export default ({ epochs }: { epochs: number }) => ({ trainer, batches, fit: { epochs, checkpoint } });
 *
 *     // the main thread
 *     import type digits from './digits.job.js';
 *     const job = startJob<typeof digits>(new URL('./digits.job.ts', import.meta.url), { data: { epochs: 5 } });
 *     showProgress(job);
 *     await job.ready;
 *     model.loadStateDict(job.weights().state);            // as often as wanted, while it trains
 *     const history = await job.finished;
 *
 * @param module  the job module's URL: JavaScript, or TypeScript where tsx is installed or Node runs it (from 22.18 on)
 * @throws ValueError for TypeScript that nothing here can run, and
 *   "startJob: the job module must be given by its URL; got './a.js'; write new URL('./a.js', import.meta.url)"
 */
export function startJob<F extends JobFunction = (data: any) => JobPlan<any>>(
  module: URL | string,
  options: JobOptions<Parameters<F>[0]> = {},
): Job<MetricsOf<F>> {
  if (!URL.canParse(String(module))) {
    throw new ValueError(
      `startJob: the job module must be given by its URL; got '${module}'; write new URL('${module}', import.meta.url)`,
    );
  }
  return new Job(module, options);
}

/**
 * A training that runs in a worker thread; `startJob` makes one. Its events are a trainer's: every `step` arrives, in
 * batches, at most 20 a second; `progress` is the last one of a batch. An error in the worker arrives of the same
 * class and with the worker's stack, as the rejection of `finished` and, where somebody listens, as the event
 * `error`. A listener that throws ends the job, as it ends a trainer's `fit`.
 */
export class Job<M extends string = string> extends EventEmitter<JobEvents<M>> {
  readonly #worker: Worker;
  readonly #ready = new Deferred<void>();
  readonly #finished = new Deferred<EpochRecord<M>[]>();
  #weights: WeightsReader | undefined;
  /** Events that wait for their turn. */
  #inbox: JobEvent[] = [];
  #delivering = false;
  #outcome: Outcome<M> | undefined;

  /** Use `startJob`. */
  constructor(module: URL | string, { data, signal }: JobOptions<unknown>) {
    super();
    this.#worker = startWorker({ module: String(module), data })
      .on('message', (message: JobMessage<M>) => this.#receive(message))
      .on('error', (thrown) => this.#conclude({ error: unpackError(packError(thrown)) }))
      .on('exit', (code) => this.#conclude({ error: this.#lost(code) }));
    // Whoever waits for this alone waits for `finished` in the end.
    this.#ready.promise.catch(() => {});
    const stop = () => this.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    this.once('end', () => signal?.removeEventListener('abort', stop));
  }

  /** Fulfilled when the worker has built its model and begins to train; rejected if it cannot. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The history, once the training is over or was stopped; rejected by the error that ended it. */
  get finished(): Promise<EpochRecord<M>[]> {
    return this.#finished.promise;
  }

  /** Steps that the worker has finished; listeners hear of them a little later. */
  get step(): number {
    return this.#weights?.step ?? 0;
  }

  /**
   * The weights of the last finished step, never a mixture of two; also after the end.
   *
   * @throws StateError "weights: the job must have built its model; it is still starting; await job.ready first"
   */
  weights(): WeightsOfStep {
    if (this.#weights === undefined) {
      throw new StateError('weights: the job must have built its model; it is still starting; await job.ready first');
    }
    return this.#weights.read();
  }

  /** Lets no step begin until `resume`; the events `pause` and `resume` tell when it has come to that. */
  pause(): void {
    this.#command('pause');
  }

  /** Goes on after `pause`. */
  resume(): void {
    this.#command('resume');
  }

  /** Ends the training after the current step: it saves its checkpoint, and `finished` gives the history. */
  stop(): void {
    this.#command('stop');
  }

  /** Ends the worker at once, wherever it is: `finished` is rejected, the last complete checkpoint stays. */
  async terminate(): Promise<void> {
    // Whoever asks for this knows.
    this.finished.catch(() => {});
    await this.#worker.terminate();
  }

  #command(command: JobCommand): void {
    this.#worker.postMessage(command);
  }

  #receive(message: JobMessage<M>): void {
    if (message.kind === 'ready') {
      this.#weights = new WeightsReader(message.weights);
      this.#ready.resolve();
    } else if (message.kind === 'events') {
      this.#inbox.push(...message.events);
      if (!this.#delivering) this.#deliver(this.#emissions());
    } else if (message.kind === 'finished') {
      this.#conclude({ history: message.history });
    } else {
      this.#conclude({ error: unpackError(message.error) });
    }
  }

  /** Emits what has arrived, for a short time; the rest after other work of this thread has had its turn. */
  #deliver(emissions: Generator<void>): void {
    this.#delivering = true;
    const end = performance.now() + stretch;
    try {
      while (emissions.next().done !== true) {
        if (performance.now() < end) continue;
        setImmediate(() => this.#deliver(emissions));
        return;
      }
      this.#command('next');
    } catch (error) {
      this.#inbox = [];
      this.#outcome = { error: error as Error };
      void this.#worker.terminate();
    }
    this.#delivering = false;
    if (this.#outcome !== undefined) this.#end(this.#outcome);
  }

  *#emissions(): Generator<void> {
    for (let event = this.#inbox.shift(); event !== undefined; event = this.#inbox.shift()) {
      if (event.kind === 'event') {
        this.#tell(event.name, event.args);
        yield;
      } else if (this.listenerCount('step') > 0) {
        for (let i = 0; i < event.records.length; i += 4) {
          const [epoch, step, loss, lr] = event.records.subarray(i, i + 4);
          this.#tell('step', [{ epoch, step, loss, lr }]);
          yield;
        }
      }
    }
  }

  /** The compiler cannot pair an event's name with its arguments where both came by message. */
  #tell(name: keyof JobEvents<M>, args: unknown[]): void {
    (this as EventEmitter).emit(name, ...args);
  }

  /** The first outcome counts: a worker that has failed also exits. */
  #conclude(outcome: Outcome<M>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    if (!this.#delivering) this.#end(outcome);
  }

  #end(outcome: Outcome<M>): void {
    this.emit('end');
    if ('history' in outcome) {
      this.#finished.resolve(outcome.history);
      return;
    }
    this.#ready.reject(outcome.error);
    this.#finished.reject(outcome.error);
    if (this.listenerCount('error') === 0) return;
    this.#finished.promise.catch(() => {});
    this.#tell('error', [outcome.error]);
  }

  #lost(code: number): StateError {
    return new StateError(
      `job: the worker must live until the training is over; it ended with code ${code} after step ${this.step}; start the job again, from its checkpoint`,
    );
  }
}

function startWorker(start: JobStart): Worker {
  // Beside this file and in the same language: TypeScript in the sources, JavaScript in the package.
  const extension = extname(import.meta.url);
  const entry = new URL(`./job_worker${extension}`, import.meta.url);
  const isTypeScript = [extension, extname(start.module)].some((name) => /^\.[cm]?tsx?$/.test(name));
  const { typescript: runsTypeScript = false } = process.features as { typescript?: string | boolean };
  if (!isTypeScript || runsTypeScript) return new Worker(entry, { workerData: start });
  // tsx gives its loader to the main thread alone.
  const [tsx, worker] = [findTsx(start.module), entry].map((url) => JSON.stringify(url));
  const code = `import(${tsx}).then(({ register }) => { register(); return import(${worker}); });`;
  return new Worker(code, { eval: true, workerData: start });
}

function findTsx(module: string): URL {
  try {
    // Its twin for `require` cannot be used in a worker.
    return pathToFileURL(createRequire(module).resolve('tsx/esm/api').replace(/cjs$/, 'mjs'));
  } catch (cause) {
    throw new ValueError(
      `startJob: this Node (${process.version}) runs TypeScript in a worker with tsx only; got ${module}, which finds no tsx; install it, or give the compiled JavaScript`,
      { cause },
    );
  }
}

type Outcome<M extends string> = { history: EpochRecord<M>[] } | { error: Error };

/** A promise, to be settled from outside. */
class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
