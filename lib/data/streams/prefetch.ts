import { checkWhole } from '../../core/check.js';

/** Items that come one after the other, at once or awaited. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

const iteratorOf = <T>(items: Items<T>): Iterator<T> | AsyncIterator<T> =>
  Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();

/**
 * The items of a source, which works on the next `ahead` of them while one is used, and no further. Its errors come when
 * their item would; a loop that is left early ends the source, too.
 *
 *     for await (const [x, y] of prefetch(batches, 2)) …
 *
 * @param ahead  whole, ≥ 1
 */
export function prefetch<T>(source: Items<T>, ahead: number): AsyncGenerator<T, void, undefined> {
  checkWhole('prefetch', 'ahead', ahead, 1);
  return run(source, ahead);
}

async function* run<T>(source: Items<T>, ahead: number): AsyncGenerator<T, void, undefined> {
  const iterator = iteratorOf(source);
  const waiting: Promise<IteratorResult<T>>[] = [];
  let last: Promise<IteratorResult<T> | undefined> = Promise.resolve(undefined);
  const ask = (): void => {
    // One after the other: not every iterator takes a second question before it answered the first.
    const next = last.then((before) => (before?.done ? before : iterator.next()));
    // An error is told when it is this item's turn; until then nobody listens.
    next.catch(() => undefined);
    last = next;
    waiting.push(next);
  };
  let ended = false;
  try {
    for (;;) {
      while (waiting.length <= ahead) ask();
      const result = await (waiting.shift() as Promise<IteratorResult<T>>).catch((error: unknown) => {
        ended = true;
        throw error;
      });
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    if (!ended) {
      await last.catch(() => undefined);
      await iterator.return?.();
    }
  }
}
