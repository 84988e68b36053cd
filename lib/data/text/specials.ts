import { ValueError } from '../../core/errors.js';

/** What special tokens are for: filling up, what is not known, the beginning and the end of a sequence. */
export const roles = ['pad', 'unk', 'bos', 'eos'] as const;
export type Role = (typeof roles)[number];

/** Special tokens by what they are for, e.g. { pad: '<pad>', eos: '</s>' }. */
export type Specials = Partial<Record<Role, string>>;

/** Their positions in a vocabulary. */
export type SpecialIds = Partial<Record<Role, number>>;

/** What makes tokens of text, and text of tokens. */
export interface Tokenizer {
  /** How many tokens there are: ids are 0 … size − 1. */
  readonly size: number;
  /** The ids of the special tokens that it has. */
  readonly specials: Readonly<SpecialIds>;
  encode(text: string): Int32Array;
  /** Special tokens other than the unknown one are left out. */
  decode(ids: ArrayLike<number>): string;
  /** What `saveTokenizer` writes. */
  toJSON(): { type: string };
}

/** The special tokens' names in the order of their roles. */
export function specialNames(op: string, specials: Specials): [Role, string][] {
  const unknown = Object.keys(specials).find((role) => !(roles as readonly string[]).includes(role));
  if (unknown !== undefined) {
    throw new ValueError(`${op}: special tokens are for ${roles.join(', ')}; got ${unknown}`);
  }
  return roles.flatMap((role) => {
    const name = specials[role];
    return name === undefined ? [] : [[role, name]];
  });
}

/** An id that is not a token's. */
export function checkId(op: string, id: number, size: number): void {
  if (!Number.isInteger(id) || id < 0 || id >= size) {
    throw new ValueError(`${op}: ids must be whole numbers from 0 to ${size - 1}; got ${id}`);
  }
}
