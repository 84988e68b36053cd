import { checkObject } from '../core/check.js';

/** What can be stopped: a Trainer or a Job. */
interface Stoppable {
  stop(): void;
  once(event: 'end', listener: () => void): unknown;
}

/**
 * Makes Ctrl-C and SIGTERM the stop button of a trainer's or a job's run, until it ends: the current step is
 * finished, the checkpoint is written, and `fit` returns. A second signal ends the process at once, as it does
 * without this.
 *
 *     const interrupted = stopOnInterrupt(trainer);
 *     const history = await trainer.fit(batches, { epochs, checkpoint });
 *     if (interrupted() !== undefined) process.exitCode = 128 + constants.signals[interrupted()];
 *
 * @returns a function that tells which signal has come, if any
 */
export function stopOnInterrupt(run: Stoppable): () => NodeJS.Signals | undefined {
  checkObject('stopOnInterrupt', 'run', run, ['stop', 'once']);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let received: NodeJS.Signals | undefined;
  const release = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = (signal: NodeJS.Signals): void => {
    received = signal;
    release();
    run.stop();
  };
  for (const signal of signals) process.on(signal, stop);
  run.once('end', release);
  return () => received;
}
