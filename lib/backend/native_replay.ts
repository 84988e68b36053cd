import { dtypeCode } from '../core/dtype.js';
import { StateError } from '../core/errors.js';
import { checkAttached, locate } from '../core/storage.js';
import type { Failure, Program, Replay, Slot, SlotView } from './backend.js';
import type { Addon } from './native.js';

/** A program in native memory. */
export type NativeProgram = object & { readonly program: unique symbol };

/**
 * A program that runs in one native call. What may be another one in each run is in an array that both sides know:
 * `[address, bytes]` of each slot's storage, then the numbers that change.
 */
export function nativeReplay(addon: Addon, ids: ReadonlyMap<string, number>, { calls, bound }: Program): Replay {
  const indices = new Map<Slot, number>(bound.map((slot, i) => [slot, i]));
  /** One view of each slot, to say what is missing where its memory is gone. */
  const examples: SlotView[] = [];
  const stream: number[] = [];
  let liveCount = 0;
  const lives: (() => readonly number[])[] = [];
  for (const call of calls) {
    stream.push(ids.get(call.kernel) as number, call.views.length, call.numbers.length);
    if (call.live === undefined) stream.push(-1);
    else {
      stream.push(liveCount);
      lives.push(() => call.numbers);
      liveCount += call.numbers.length;
    }
    for (const view of call.views) {
      const { slot, shape, strides, dtype, offset } = view;
      let index = indices.get(slot);
      if (index === undefined) {
        index = indices.size;
        indices.set(slot, index);
      }
      examples[index] ??= view;
      stream.push(index, shape.length, dtypeCode[dtype], offset, ...shape, ...strides);
    }
    stream.push(...call.numbers);
  }
  const slots = [...indices.keys()];
  const record = new Float64Array(2 * slots.length + liveCount);
  const program = addon.compile(Float64Array.from([calls.length, slots.length, ...stream]), record);

  let running = false;
  const begin = (): void => {
    if (running) throw new StateError('capture: this step is running on another thread; await its promise first');
    let at = 0;
    for (let i = 0; i < slots.length; i++) {
      const { storage } = slots[i];
      const bytes = storage.data.byteLength;
      // A buffer that was transferred: its memory belongs to someone else now.
      if (bytes === 0 && i in examples) checkAttached('capture', examples[i]);
      record[at++] = storage.address || locate(storage);
      record[at++] = bytes;
    }
    for (const numbers of lives) {
      const values = numbers();
      for (let i = 0; i < values.length; i++) record[at++] = values[i];
    }
  };
  const failure = (call: number, position: number): Failure | null =>
    call < 0 ? null : { call: calls[call], position };

  return {
    run(times) {
      begin();
      const call = addon.replay(program, times);
      return failure(call, addon.record[0]);
    },
    async runAsync(times) {
      begin();
      running = true;
      try {
        return failure(...(await addon.replayAsync(program, times)));
      } finally {
        running = false;
      }
    },
  };
}
