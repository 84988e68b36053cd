import { createHash } from 'node:crypto';
import type { Slot } from '../backend/index.js';
import type { TypedArray } from '../core/dtype.js';
import type { Compiled } from './compile.js';

/**
 * What a plan does, a line each call: kernel, views by what they are and not by where, numbers but for those that change
 * from step to step. A step that does the same in every call gives the same lines whenever it is recorded.
 */
export function fingerprint({ segments, bound, temporaries, constants, lasting, results }: Compiled): string[] {
  const names = new Map<Slot, string>(bound.map((slot, i) => [slot, `argument ${i}`]));
  const own = new Set([...temporaries.map(({ slot }) => slot), ...lasting.slots]);
  const fixed = new Set(constants);
  const nameOf = (slot: Slot): string => {
    let name = names.get(slot);
    if (name === undefined) {
      const { id, data } = slot.storage;
      name = own.has(slot) ? `temporary ${names.size}` : fixed.has(slot) ? `constant ${digest(data)}` : `memory ${id}`;
      names.set(slot, name);
    }
    return name;
  };
  const lines = [{ effects: [], calls: lasting.calls }, ...segments].flatMap(({ effects, calls }) => [
    `${effects.length} effects`,
    ...calls.map(({ kernel, views, numbers, live }) => {
      const operands = views.map(
        ({ slot, dtype, offset, shape, strides }) => `${nameOf(slot)} ${dtype} ${offset} [${shape}] [${strides}]`,
      );
      return `${kernel}(${operands.join('; ')}; ${live === undefined ? numbers.join(', ') : ''})`;
    }),
  ]);
  return [...lines, `${results.length} results`];
}

/** The values themselves where they are few. */
const digest = (values: TypedArray): string =>
  values.length <= 16
    ? values.join(' ')
    : createHash('sha256')
        .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        .digest('hex');
