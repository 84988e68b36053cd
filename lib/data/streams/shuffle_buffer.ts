import { checkWhole } from '../../core/check.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import type { Items } from './prefetch.js';

/**
 * The items of a source in an order that is random as far as `size` items reach: each is drawn from as many that wait, and
 * the next one takes its place. An item can come at most `size` − 1 places early, and any number late.
 *
 *     for await (const example of shuffleBuffer(examples, 10000, { generator: new Generator(1) })) …
 *
 * @param size  whole, ≥ 1; 1 changes nothing
 * @source TensorFlow, tf.data.Dataset.shuffle
 */
export function shuffleBuffer<T>(
  source: Items<T>,
  size: number,
  { generator = defaultGenerator() }: { generator?: Generator } = {},
): AsyncGenerator<T, void, undefined> {
  checkWhole('shuffleBuffer', 'size', size, 1);
  return run(source, size, generator);
}

async function* run<T>(source: Items<T>, size: number, generator: Generator): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = [];
  const draw = (): number => Math.floor(generator.next() * waiting.length);
  for await (const item of source) {
    if (waiting.length < size) {
      waiting.push(item);
      continue;
    }
    const at = draw();
    const drawn = waiting[at];
    waiting[at] = item;
    yield drawn;
  }
  while (waiting.length > 0) {
    const at = draw();
    const drawn = waiting[at];
    waiting[at] = waiting[waiting.length - 1];
    waiting.pop();
    yield drawn;
  }
}
