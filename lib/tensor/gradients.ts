import { isObserved, passEnded, recycle } from '../core/recycling.js';
import { note, Storage } from '../core/storage.js';
import type { Node } from './tape.js';
import type { Tensor } from './tensor.js';

/**
 * The gradients of one pass of backward on their way, each at the node or leaf that it has reached so far. Where nobody
 * looks on, what a rule of the library's own allocated goes to the next results as soon as no gradient lies in it: rules
 * keep nothing but what they return. Rules that run the user's code say so (`Node.runsUserCode`).
 */
export class Gradients {
  readonly #reached = new Map<Node | Tensor, Tensor>();
  /** What may be left over: allocated for the node at hand, or saved by it, or a gradient that went on. */
  readonly #left: Storage[] = [];
  readonly #recycles: boolean;
  /** Storages from here on were made by this pass. */
  readonly #first = Storage.count;

  /** @param createGraph  whether the pass is recorded: then the record holds what it computes */
  constructor(createGraph: boolean) {
    this.#recycles = !createGraph && !isObserved();
  }

  at(to: Node | Tensor): Tensor | undefined {
    return this.#reached.get(to);
  }

  [Symbol.iterator](): IterableIterator<[Node | Tensor, Tensor]> {
    return this.#reached.entries();
  }

  /** Adds to what has reached a node or leaf. */
  add(to: Node | Tensor, dx: Tensor): void {
    const before = this.#reached.get(to);
    const sum = before === undefined ? dx : before.add(dx);
    this.#reached.set(to, sum);
    sum.storage.gradients++;
    if (before !== undefined) this.#forget(before.storage);
  }

  /** Before a node's rule runs: what it allocates is its own. */
  enter({ runsUserCode }: Node): void {
    note(this.#recycles && !runsUserCode ? this.#left : null);
  }

  /** What has reached a node went on; `saved` is what the node has forgotten. */
  leave(node: Node, dy: Tensor, saved: readonly Tensor[]): void {
    note(null);
    this.#reached.delete(node);
    this.#forget(dy.storage);
    for (const { storage } of saved) this.#left.push(storage);
    // Only now: the node's rule may have given several gradients that lie in one storage.
    for (let storage = this.#left.pop(); storage !== undefined; storage = this.#left.pop()) {
      const own = storage.leftToTape ? storage.savers === 0 : storage.id >= this.#first;
      if (this.#recycles && own && storage.gradients === 0) recycle(storage);
    }
  }

  /** Whether nobody else refers to the memory of this gradient, which the pass has found. */
  isOwn({ storage }: Tensor): boolean {
    return this.#recycles && storage.id >= this.#first && storage.gradients === 1;
  }

  /** What is left has arrived, or the pass broke off. */
  end(): void {
    for (const { storage } of this.#reached.values()) storage.gradients--;
    if (this.#recycles) passEnded();
  }

  #forget(storage: Storage): void {
    storage.gradients--;
    this.#left.push(storage);
  }
}

/** Marks a gradient whose memory others may hold, of a rule that is not the library's own. */
export function held(gradient: Tensor): void {
  gradient.storage.recyclable = false;
}
