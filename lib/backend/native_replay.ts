import { dtypeCode } from '../core/dtype.js';
import { StateError } from '../core/errors.js';
import { checkAttached } from '../core/storage.js';
import type { Failure, Program, Replay, Slot, SlotView } from './backend.js';
import type { Addon } from './native.js';

/** Storages that one call of the addon takes; `native/binding/addon.cc` has room for more. */
const mostPassed = 200;

/** A program in native memory. */
export type NativeProgram = object & { readonly program: unique symbol };

/** A program that runs in one native call. */
export function nativeReplay(addon: Addon, ids: ReadonlyMap<string, number>, { calls, bound }: Program): Replay {
  const slots = new Map<Slot, number>(bound.map((slot, i) => [slot, i]));
  /** One view of each slot, to say what is missing where its memory is gone. */
  const examples: SlotView[] = [];
  const stream: number[] = [];
  let liveCount = 0;
  const lives: { numbers: () => readonly number[]; at: number }[] = [];
  for (const call of calls) {
    stream.push(ids.get(call.kernel) as number, call.views.length, call.numbers.length);
    if (call.live === undefined) stream.push(-1);
    else {
      stream.push(liveCount);
      lives.push({ numbers: () => call.numbers, at: liveCount });
      liveCount += call.numbers.length;
    }
    for (const view of call.views) {
      const { slot, shape, strides, dtype, offset } = view;
      let index = slots.get(slot);
      if (index === undefined) {
        index = slots.size;
        slots.set(slot, index);
      }
      examples[index] ??= view;
      stream.push(index, shape.length, dtypeCode[dtype], offset, ...shape, ...strides);
    }
    stream.push(...call.numbers);
  }
  const live = new Float64Array(liveCount);
  const passed = Math.min(bound.length, mostPassed);
  const program = addon.compile(Float64Array.from([calls.length, slots.size, passed, ...stream]), live);
  const fixed = [...slots].slice(bound.length);
  for (const [slot, index] of fixed) {
    checkAttached('capture', examples[index]);
    addon.bind(program, index, slot.storage.data);
  }
  const bytes = fixed.map(([slot]) => slot.storage.data.byteLength);

  let running = false;
  /** What a run is given; numbers that change are handed over by way of an array that both sides know. */
  const begin = (times?: Float64Array): ArrayBufferView[] => {
    if (running) throw new StateError('capture: this step is running on another thread; await its promise first');
    for (let i = 0; i < fixed.length; i++) {
      // A buffer that was transferred: its memory belongs to someone else now.
      if (fixed[i][0].storage.data.byteLength !== bytes[i]) checkAttached('capture', examples[fixed[i][1]]);
    }
    for (const { numbers, at } of lives) {
      const values = numbers();
      for (let i = 0; i < values.length; i++) live[at + i] = values[i];
    }
    const storages: ArrayBufferView[] = bound.map(({ storage }, i) => {
      if (i in examples) checkAttached('capture', examples[i]);
      return storage.data;
    });
    for (const [i, storage] of storages.splice(passed).entries()) addon.bind(program, passed + i, storage);
    if (times !== undefined) storages.push(times);
    return storages;
  };
  const failure = (call: number, position: number): Failure | null =>
    call < 0 ? null : { call: calls[call], position };

  return {
    run(times) {
      const call = addon.replay(program, ...begin(times));
      return failure(call, addon.record[0]);
    },
    async runAsync(times) {
      const storages = begin(times);
      running = true;
      try {
        return failure(...(await addon.replayAsync(program, ...storages)));
      } finally {
        running = false;
      }
    },
  };
}
