import type { Callback } from './callback.js';

/**
 * Ends a run at a loss that is not finite, where `fit` would throw: the history so far is its result, and the last
 * checkpoint stays as it is.
 */
export const terminateOnNaN = (): Callback => ({
  name: 'terminate_on_nan',
  diverged(loss, run) {
    run.emit('log', `terminated: the loss is ${loss} at step ${run.step + 1}`);
    return 'stop';
  },
});
