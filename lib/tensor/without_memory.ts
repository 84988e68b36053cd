import { intercept } from '../backend/index.js';
import { checkFunction } from '../core/check.js';
import { StateError } from '../core/errors.js';
import { recording } from '../core/recording.js';
import { takeNoMemory } from '../core/storage.js';

/**
 * Runs `body` for shapes alone: what it makes has a shape and a dtype, and neither memory nor values; nothing is computed.
 * A model that no machine could hold can so be made, counted and drawn.
 *
 *     const net = withoutMemory(() => new nn.Sequential(new nn.Linear(1e6, 1e4), new nn.Linear(1e4, 1)));
 *     console.log(net.summary([1, 1e6]));    // 10,000,020,001 parameters
 *
 * Checks of shapes and dtypes are as always, checks of values pass. Reading a value, within or later, is an error, and so
 * is running a captured step within.
 *
 * @throws StateError "data: a tensor of shape [2] was made withoutMemory and has no values; make it again outside"
 * @throws StateError "withoutMemory: the callback must be synchronous; got a promise; call it around each synchronous part"
 * @throws StateError "withoutMemory: a captured step computes, and nothing is within; run the step as it is, or outside"
 */
export function withoutMemory<R>(body: () => R): R {
  checkFunction('withoutMemory', 'body', body);
  const release = intercept((engine) => ({
    ...engine,
    run: () => {
      recording()?.refuse(
        new StateError(
          'withoutMemory: a captured step computes, and nothing is within; run the step as it is, or outside',
        ),
      );
      return -1; // What checks of values take for: none is out of range.
    },
  }));
  const before = takeNoMemory(true);
  let result: R;
  try {
    result = body();
  } finally {
    takeNoMemory(before);
    release();
  }
  if (result instanceof Promise) {
    throw new StateError(
      'withoutMemory: the callback must be synchronous; got a promise; call it around each synchronous part',
    );
  }
  return result;
}
