import { recording } from './recording.js';
import type { Storage } from './storage.js';
import { watchers } from './watching.js';

/*
 * Memory whose last reference the library itself let go of: what backward computes on its way, what a Sequential passes
 * from one of the library's layers to the next, and a leaf's gradient that nobody asked for. It goes to the next result of
 * its size, where otherwise a step's every result would come from memory that left the caches long ago, and the collector
 * would run every few steps. Nothing that a user could hold comes here.
 */

/** Whether somebody looks on who may hold what it sees: then nothing is used again. */
export const isObserved = (): boolean => watchers !== null || recording() !== null;

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

/** Leaves a result to the tape: its memory is free once no node saves it. */
export function leaveToTape(storage: Storage): void {
  if (isObserved()) return;
  storage.leftToTape = true;
  if (storage.savers === 0) recycle(storage);
}

/** Memory of that many bytes, or undefined. */
export function reuse(bytes: number): Storage | undefined {
  const { recent, older } = spare();
  return recent.get(bytes)?.pop() ?? older.get(bytes)?.pop();
}

/** A pass of backward is over: what nobody took since the one before is left to the collector. */
export function passEnded(): void {
  const waiting = spare();
  if (waiting.recent.size === 0 && waiting.older.size === 0) return;
  waiting.older = waiting.recent;
  waiting.recent = new Map();
}

/** Leaves all of it to the collector. */
export function forgetSpare(): void {
  const waiting = spare();
  waiting.recent = new Map();
  waiting.older = new Map();
}
