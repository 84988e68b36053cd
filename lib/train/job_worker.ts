/* The worker's side of a job; job.ts starts it. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ValueError } from '../core/errors.js';
import type { JobCommand, JobEvent, JobFunction, JobMessage, JobStart } from './job.js';
import type { Progress } from './progress.js';
import { WeightsWriter } from './shared_weights.js';
import { packError } from './thread_error.js';
import type { Trainer } from './trainer.js';

/** Milliseconds between two batches of events: a message costs the main thread some 10 µs, a step may take less. */
const interval = 50;

const port = parentPort as MessagePort;
const tell = (message: JobMessage): void => port.postMessage(message);

/** Gathers a trainer's events and sends them on: all of them, but of `progress` the last. */
class Outbox {
  #events: JobEvent[] = [];
  #columns: number[] = [];
  #progress: Progress | undefined;
  /** Whether the main thread is still at the last batch: one that is busy gets fewer and larger ones. */
  #awaited = false;

  /**
   * Listens before the job's own listeners do: what they log comes after the step, and a step that they fail on
   * arrives.
   */
  constructor(trainer: Trainer<string, any>) {
    trainer.prependListener('step', ({ epoch, step, loss, lr }) => this.#columns.push(epoch, step, loss, lr));
    trainer.prependListener('progress', (progress) => {
      this.#progress = progress;
    });
    for (const name of ['epoch', 'log', 'pause', 'resume'] as const) {
      trainer.prependListener(name, (...args: unknown[]) => {
        this.#seal();
        // As it is now: the sender may change it before it is sent.
        this.#events.push({ kind: 'event', name, args: structuredClone(args) });
      });
    }
  }

  /** The main thread is ready for more. */
  next(): void {
    this.#awaited = false;
  }

  send(): void {
    if (this.#awaited) return;
    this.#seal();
    if (this.#events.length === 0) return;
    tell({ kind: 'events', events: this.#events });
    this.#events = [];
    this.#awaited = true;
  }

  /** The last batch need not wait: nothing follows it. */
  sendRest(): void {
    this.next();
    this.send();
  }

  /** Puts what came before another event in front of it. */
  #seal(): void {
    if (this.#columns.length > 0) this.#events.push({ kind: 'steps', records: Float64Array.from(this.#columns) });
    if (this.#progress !== undefined) this.#events.push({ kind: 'event', name: 'progress', args: [this.#progress] });
    this.#columns = [];
    this.#progress = undefined;
  }
}

async function train({ module, data }: JobStart): Promise<void> {
  const { default: build }: { default?: JobFunction } = await import(module);
  if (typeof build !== 'function') {
    throw new ValueError(
      `startJob: a job module must have a function as its default export; ${module} has none; export one that returns { trainer, batches, fit }`,
    );
  }
  const { trainer, batches, fit } = await build(data);

  const outbox = new Outbox(trainer);
  const weights = new WeightsWriter(trainer.model.stateDict());
  const publish = (): void => weights.publish(trainer.step);
  publish();
  trainer.prependListener('step', publish);

  const controller = new AbortController();
  const commands: Record<JobCommand, () => void> = {
    pause: () => trainer.pause(),
    resume: () => trainer.resume(),
    stop: () => controller.abort(),
    next: () => outbox.next(),
  };
  // First what was said while the model was built: a job that is stopped by then takes no step.
  for (let said = receiveMessageOnPort(port); said !== undefined; said = receiveMessageOnPort(port)) {
    commands[said.message as JobCommand]();
  }
  port.on('message', (command: JobCommand) => commands[command]());
  tell({ kind: 'ready', weights: weights.shared });

  // The trainer lets timers run between its steps.
  const timer = setInterval(() => outbox.send(), interval);
  try {
    const history = await trainer.fit(batches, { ...fit, signal: controller.signal });
    // Early stopping may have put back others.
    publish();
    outbox.sendRest();
    tell({ kind: 'finished', history });
  } catch (error) {
    outbox.sendRest();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

train(workerData)
  .catch((error) => tell({ kind: 'failed', error: packError(error) }))
  // Else it would be waited for as long as there may be commands.
  .finally(() => port.close());
