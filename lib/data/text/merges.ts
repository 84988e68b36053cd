/*
 * Which pairs of symbols a byte-pair tokeniser merges: the most frequent pair of neighbours in the words of a text becomes
 * a symbol, again and again. Counts are kept up to date word by word: a merge visits only the words that hold its pair.
 */

/** Symbols of a pair in one number; there are fewer than 2²⁶ symbols. */
const symbolLimit = 2 ** 26;
export const pairKey = (a: number, b: number): number => a * symbolLimit + b;

interface Word {
  symbols: number[];
  count: number;
}

/**
 * @param words  with how often each comes, as symbols below `first`
 * @param first  the number of the first merged symbol
 * @param merges how many to make at most; no pair is merged that comes once only
 * @source Sennrich, Haddow, Birch 2016, "Neural machine translation of rare words with subword units", algorithm 1; of pairs
 *   equally frequent the one whose symbols are the smallest
 */
export function learnMerges(words: readonly Word[], first: number, merges: number): [number, number][] {
  const pairs = new Pairs(words);
  const learnt: [number, number][] = [];
  while (learnt.length < merges) {
    const best = pairs.takeMostFrequent();
    if (best === undefined) break;
    pairs.merge(best, first + learnt.length);
    learnt.push(best);
  }
  return learnt;
}

/** Replaces every a b by one symbol, from the left. */
export function mergePair(symbols: readonly number[], a: number, b: number, symbol: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === a && symbols[i + 1] === b) {
      merged.push(symbol);
      i++;
    } else {
      merged.push(symbols[i]);
    }
  }
  return merged;
}

class Pairs {
  readonly #words: readonly Word[];
  readonly #counts = new Map<number, number>();
  /** Words that hold a pair, or held it. */
  readonly #places = new Map<number, Set<number>>();
  /**
   * Pairs as a binary heap, the most frequent first, with the counts at which they were put in. A count only falls
   * afterwards: an entry that is taken out too high is put back.
   */
  readonly #heap: { key: number; count: number }[] = [];

  constructor(words: readonly Word[]) {
    this.#words = words.map(({ symbols, count }) => ({ symbols, count }));
    for (const i of this.#words.keys()) this.#count(i, 1);
    for (const [key, count] of this.#counts) this.#push({ key, count });
  }

  takeMostFrequent(): [number, number] | undefined {
    for (let top = this.#pop(); top !== undefined; top = this.#pop()) {
      const count = this.#counts.get(top.key) ?? 0;
      if (count === top.count)
        return count < 2 ? undefined : [Math.floor(top.key / symbolLimit), top.key % symbolLimit];
      if (count > 1) this.#push({ key: top.key, count });
    }
    return undefined;
  }

  merge([a, b]: readonly [number, number], symbol: number): void {
    const places = this.#places.get(pairKey(a, b)) as Set<number>;
    const made = new Set<number>();
    for (const i of places) {
      const word = this.#words[i];
      this.#count(i, -1);
      word.symbols = mergePair(word.symbols, a, b, symbol);
      for (const key of this.#count(i, 1)) made.add(key);
    }
    this.#places.delete(pairKey(a, b));
    for (const key of made) {
      const left = Math.floor(key / symbolLimit);
      if (left === symbol || key % symbolLimit === symbol) this.#push({ key, count: this.#counts.get(key) as number });
    }
  }

  /** Adds a word's pairs to the counts, or takes them away; returns them. */
  #count(index: number, sign: 1 | -1): number[] {
    const { symbols, count } = this.#words[index];
    const keys: number[] = [];
    for (let i = 0; i + 1 < symbols.length; i++) {
      const key = pairKey(symbols[i], symbols[i + 1]);
      keys.push(key);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + sign * count);
      if (sign < 0) continue;
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, new Set([index]));
      else places.add(index);
    }
    return keys;
  }

  #push(entry: { key: number; count: number }): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): { key: number; count: number } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

type Entry = { key: number; count: number };
const before = (a: Entry, b: Entry): boolean => a.count > b.count || (a.count === b.count && a.key < b.key);
