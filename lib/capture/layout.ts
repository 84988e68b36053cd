import { boundaryOf } from '../core/storage.js';

/** Memory that is in use from one call to another, both included. */
export interface Lifetime {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** A block and the room behind it, so that the next one begins where its like should; may be more than 2³¹. */
const room = (bytes: number): number => Math.ceil(bytes / boundaryOf(bytes)) * boundaryOf(bytes);

/**
 * Places blocks in one arena such that those in use at the same time do not overlap: the largest first, each at the lowest
 * place that is free throughout its lifetime.
 *
 * @returns  each block's offset, and the arena's size, in bytes
 * @source Pisarchyk, Lee 2020, arXiv:2001.03288, section 4 (greedy by size for offset calculation)
 */
export function layOut(blocks: readonly Lifetime[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(blocks.length).fill(0);
  const order = blocks.map((_, i) => i).sort((a, b) => blocks[b].bytes - blocks[a].bytes || a - b);
  /** What has its place, by offset. */
  const placed: number[] = [];
  let total = 0;
  for (const i of order) {
    const { first, last, bytes } = blocks[i];
    const size = room(bytes);
    let at = 0;
    for (const other of placed) {
      const { first: from, last: to, bytes: taken } = blocks[other];
      if (to < first || from > last) continue;
      if (offsets[other] >= at + size) break;
      at = Math.max(at, offsets[other] + room(taken));
    }
    offsets[i] = at;
    total = Math.max(total, at + size);
    placed.splice(placed.findIndex((other) => offsets[other] > at) >>> 0, 0, i);
  }
  return { offsets, bytes: total };
}
