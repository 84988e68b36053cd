import { checkWhole } from './check.js';
import { ValueError } from './errors.js';
import { everyStep, valueRead } from './recording.js';
import type { Stateful } from './state.js';

/**
 * A stream of random numbers: Philox 4×32-10, a counter put through ten rounds of a keyed bijection. The n-th number
 * depends on (seed, n) alone, so it is the same on every backend and with any number of threads, and two numbers restore it.
 *
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405.
 */
export class Generator implements Stateful<GeneratorState> {
  #seed: number;
  #counter = 0;

  /** @param seed whole, 0 ≤ seed ≤ 2⁵³ − 1; default: from the clock */
  constructor(seed: number = Date.now()) {
    this.#seed = checkedSeed(seed);
    // One that is made in a captured step begins anew in each of its calls.
    everyStep(() => this.jump(0));
  }

  get seed(): number {
    return this.#seed;
  }

  /** Takes the next `blocks` blocks of four 32-bit numbers; returns the first block's counter. */
  take(blocks: number): number {
    const first = this.#counter;
    this.#counter += blocks;
    draws?.set(this, (draws.get(this) ?? 0) + blocks);
    return first;
  }

  /** Goes on at another counter; returns the present one. */
  jump(counter: number): number {
    const present = this.#counter;
    this.#counter = counter;
    return present;
  }

  /** One number from [0, 1) with 32 random bits; for decisions in JavaScript. */
  next(): number {
    valueRead('a random number of Generator.next');
    return philox(this.#seed, this.take(1))[0] / 2 ** 32;
  }

  /** What a checkpoint keeps. */
  stateDict(): GeneratorState {
    return { seed: this.#seed, counter: this.#counter };
  }

  /** Goes on where a generator's state was taken. */
  loadStateDict({ seed, counter }: GeneratorState): void {
    checkedSeed(seed);
    checkWhole('Generator.loadStateDict', 'counter', counter, 0);
    this.#seed = seed;
    this.#counter = counter;
  }

  static from({ seed, counter }: GeneratorState): Generator {
    const generator = new Generator(seed);
    checkWhole('Generator.from', 'counter', counter, 0);
    everyStep(() => generator.jump(counter));
    return generator;
  }
}

/** A stream of random numbers, and how far it was read. */
export interface GeneratorState {
  seed: number;
  counter: number;
}

function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new ValueError(`Generator: seed must be a whole number from 0 to 2^53 − 1; got ${seed}`);
}

let current = new Generator(0);
/** How many blocks each generator gave, while somebody wants to know. */
let draws: Map<Generator, number> | null = null;

/**
 * Runs `body`; returns its result, and a function that runs something on the same random numbers and puts the generators
 * back. In a captured step, where the generators stand is noted anew at every replay.
 */
export function replayable<R>(body: () => R): [result: R, replay: <Q>(body: () => Q) => Q] {
  const outer = draws;
  const own = new Map<Generator, number>();
  const first = current;
  draws = own;
  let result: R;
  try {
    result = body();
  } finally {
    draws = outer;
    for (const [generator, blocks] of own) outer?.set(generator, (outer.get(generator) ?? 0) + blocks);
  }
  if (own.size === 0) return [result, (body) => body()];

  const last = current;
  let start = first;
  let before: [Generator, number][] = [];
  everyStep(() => {
    // Between steps `seed` may have put another default generator in the first one's place.
    start = current === last ? first : current;
    before = [...own].map(([generator, blocks]) => {
      const stream = generator === first ? start : generator;
      return [stream, stream.stateDict().counter - blocks];
    });
  });
  const replay = <Q>(body: () => Q): Q => {
    const counting = draws;
    let present = current;
    let after: [Generator, number][] = [];
    everyStep(() => {
      present = current;
      current = start;
      after = before.map(([stream, counter]) => [stream, stream.jump(counter)]);
    });
    draws = null;
    try {
      return body();
    } finally {
      draws = counting;
      everyStep(() => {
        for (const [stream, counter] of after) stream.jump(counter);
        current = present;
      });
    }
  };
  return [result, replay];
}

/** The generator that random functions use when none is given. */
export const defaultGenerator = (): Generator => current;

/** Restarts the default generator; the same seed gives the same numbers. */
export function seed(value: number): void {
  const generator = new Generator(value);
  everyStep(() => {
    current = generator;
  });
}

/** Puts back a generator's state, as a checkpoint recorded it. */
export function setDefaultGenerator(generator: Generator): void {
  current = generator;
}

const out = new Uint32Array(4);
const low = (n: number): number => n >>> 0;
const high = (n: number): number => Math.floor(n / 2 ** 32) >>> 0;

/** Upper 32 bits of a 32 × 32 bit product. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16);
  return (ah * bh + Math.floor((al * bh + mid) / 65536)) >>> 0;
}

/**
 * Four random 32-bit numbers of block `counter` of stream `seed`, or of a further branch of it, which no other block's meet;
 * the array is reused by the next call.
 */
export function philox(seed: number, counter: number, branch = 0): Uint32Array {
  let c0 = low(counter);
  let c1 = high(counter);
  let c2 = branch;
  let c3 = 0;
  let k0 = low(seed);
  let k1 = high(seed);
  for (let round = 0; round < 10; round++) {
    const h0 = mulHigh(0xd2511f53, c0);
    const l0 = Math.imul(0xd2511f53, c0) >>> 0;
    const h1 = mulHigh(0xcd9e8d57, c2);
    const l1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (h1 ^ c1 ^ k0) >>> 0;
    c1 = l1;
    c2 = (h0 ^ c3 ^ k1) >>> 0;
    c3 = l0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}
