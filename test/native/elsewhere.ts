import { expect } from 'vitest';
import { type Backend, resultCount, type View } from '../../lib/backend/index.js';
import { loadAddon } from '../../lib/backend/native.js';
import { arrayOf, type TypedArray } from '../../lib/core/dtype.js';
import { Storage } from '../../lib/core/storage.js';
import { untouched } from './memory.js';

/** The first and the last place in its storage that a view reaches; null where it has no elements. */
function extent({ offset, shape, strides }: View): [first: number, last: number] | null {
  if (shape.includes(0)) return null;
  const steps = shape.map((size, axis) => (size - 1) * strides[axis]);
  const sum = (parts: number[]): number => parts.reduce((total, part) => total + part, offset);
  return [sum(steps.filter((step) => step < 0)), sum(steps.filter((step) => step > 0))];
}

/** A view's memory, or another's that has the same bits: `before` elements behind a cache line, and as many before its end. */
function moved(view: View, before: number, addressOf: (buffer: ArrayBuffer) => number): View {
  const [first, last] = extent(view) ?? [0, -1];
  const Elements = arrayOf[view.dtype];
  const length = 2 * before + last + 1 - first;
  const buffer = new ArrayBuffer(64 + length * Elements.BYTES_PER_ELEMENT);
  new Uint8Array(buffer).fill(untouched);
  const data = new Elements(buffer, -addressOf(buffer) & 63, length);
  data.set(view.storage.data.subarray(first, last + 1), before);
  const { dtype, shape, strides, offset } = view;
  return { storage: new Storage(data), dtype, offset: before + offset - first, shape, strides };
}

/** The memory of an array as bytes. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/**
 * Stands at the door and runs every native call a second time, on the same elements in other places, between bytes that no
 * kernel may use or change: fails where that gives other bits.
 *
 * @param ran  gets the names of the kernels
 */
export const alsoElsewhere =
  (ran: Set<string>) =>
  (engine: Backend): Backend => {
    if (engine.name !== 'native') return engine;
    const { addressOf } = loadAddon();
    return {
      ...engine,
      run(kernel, views, numbers, hooks) {
        ran.add(kernel);
        const others = views.map((view, i) => moved(view, 1 + ((7 * i + 2) % 16), addressOf));
        const before = others.map(({ storage }) => bytesOf(storage.data.slice()));
        const found = engine.run(kernel, views, numbers, hooks);
        expect(engine.run(kernel, others, numbers), `what ${kernel} finds elsewhere`).toBe(found);
        const results = resultCount({ kernel, views, numbers });
        others.forEach((other, i) => {
          const after = bytesOf(other.storage.data);
          if (i < results) bytesOf(moved(views[i], 1 + ((7 * i + 2) % 16), addressOf).storage.data).copy(before[i]);
          expect(after.equals(before[i]), `view ${i} of ${kernel} elsewhere`).toBe(true);
        });
        return found;
      },
    };
  };
