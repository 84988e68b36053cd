import type { Node } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * Who looks over a computation's shoulder: the profiler, anomaly detection, a drawing of the graph. What they want to
 * know beside the kernel calls is told here, where it happens; with nobody there it costs a comparison.
 */
export interface Watcher {
  /** Whether it must see every op and its line: captured steps then run as they are. */
  readonly everyOp?: boolean;
  /** An op has its result, new or a view; its node is there already, if it has one. */
  result?(op: string, result: Tensor, operands: readonly Tensor[]): void;
  /** A node's rule gave the gradient of its operand of that index. */
  gradient?(node: Node, operand: number, dx: Tensor, dy: Tensor): void;
  /** A tensor's memory was written in place. */
  written?(writer: string, tensor: Tensor): void;
}

/** Null where there are none. */
export let watchers: readonly Watcher[] | null = null;

/** Adds a watcher, until the function that this returns is called. */
export function watch(watcher: Watcher): () => void {
  watchers = [...(watchers ?? []), watcher];
  return () => {
    const others = (watchers ?? []).filter((other) => other !== watcher);
    watchers = others.length === 0 ? null : others;
  };
}

/** Whether someone must see every op. */
export const everyOpWatched = (): boolean => watchers?.some(({ everyOp }) => everyOp) ?? false;
