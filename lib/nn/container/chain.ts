import { leaveToTape } from '../../core/recycling.js';
import { Storage } from '../../core/storage.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Module } from '../module.js';

/*
 * What lies between two of the library's layers is known to nobody, so that its memory can be used again as soon as the tape
 * lets go of it; see lib/core/recycling.ts. A layer of the user's own may keep what it is given or returns.
 */

/** Forward passes that keep neither what they are given nor what they return, if the layer's parts do not. */
const partsOf = new Map<unknown, (layer: any) => readonly Module[]>();

/** Says that a layer's forward pass keeps nothing beyond what its parts do: hooks and a subclass's own are others. */
export function declareKeepsNothing<L extends Module>(
  layer: abstract new (...args: any) => L,
  parts: (layer: L) => readonly Module[] = () => [],
): void {
  partsOf.set(layer.prototype.forward, parts);
}

/** Whether nobody holds what a layer is given or returns once it is done. */
export const keepsNothing = (layer: Module): boolean =>
  partsOf.get(layer.forward)?.(layer).every(keepsNothing) ?? false;

/** A tensor on its way, and whether somebody but the tape may hold its memory. */
export interface Passed {
  readonly y: Tensor;
  readonly isKnown: boolean;
}

/** Says that nobody reads a tensor any more but the tape. */
export function leave({ y, isKnown }: Passed): void {
  if (!isKnown) leaveToTape(y.storage);
}

/**
 * Layers one after another.
 *
 * @param others  what a layer gets beside the tensor, by its position; default nothing
 */
export function chain(
  layers: readonly Module[],
  x: Passed,
  others: (layer: number) => readonly unknown[] = () => [],
): Passed {
  const first = Storage.count;
  let passed = x;
  for (const [i, layer] of layers.entries()) {
    const y = layer.forward(passed.y, ...others(i));
    if (!(y instanceof Tensor)) {
      // Several results, which whoever called may hold.
      passed = { y, isKnown: true };
      continue;
    }
    const mayHold = !keepsNothing(layer);
    const isView = y.storage === passed.y.storage;
    if (!mayHold && !isView) leave(passed);
    passed = { y, isKnown: mayHold || (isView ? passed.isKnown : y.storage.id < first) };
  }
  return passed;
}
