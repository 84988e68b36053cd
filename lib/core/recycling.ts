import type { Storage } from './storage.js';

/*
 * Memory whose last reference the library itself let go of: what backward computes on its way, and a leaf's gradient that
 * nobody asked for. It goes to the next result of its size, where otherwise a step's every result would come from memory
 * that left the caches long ago. Nothing that a user could hold comes here.
 */

/** By bytes; the last that came is the first to go, because it is in the caches. */
type Waiting = Map<number, Storage[]>;

interface Spare {
  recent: Waiting;
  /** What came before the last pass. */
  older: Waiting;
}

/** Held weakly: between two jobs the collector takes what waits here, so that it does not outlast a training. */
let held = new WeakRef<Spare>({ recent: new Map(), older: new Map() });

function spare(): Spare {
  const known = held.deref();
  if (known !== undefined) return known;
  const made: Spare = { recent: new Map(), older: new Map() };
  held = new WeakRef(made);
  return made;
}

/** Gives memory back that nobody refers to. */
export function recycle(storage: Storage): void {
  if (!storage.recyclable) return;
  storage.recyclable = false;
  const { recent } = spare();
  const { byteLength } = storage.data;
  const same = recent.get(byteLength);
  if (same === undefined) recent.set(byteLength, [storage]);
  else same.push(storage);
}

/** Memory of that many bytes, or undefined. */
export function reuse(bytes: number): Storage | undefined {
  const { recent, older } = spare();
  return recent.get(bytes)?.pop() ?? older.get(bytes)?.pop();
}

/** A pass of backward is over: what nobody took since the one before is left to the collector. */
export function passEnded(): void {
  const waiting = spare();
  waiting.older = waiting.recent;
  waiting.recent = new Map();
}

/** Leaves all of it to the collector. */
export function forgetSpare(): void {
  const waiting = spare();
  waiting.recent = new Map();
  waiting.older = new Map();
}
