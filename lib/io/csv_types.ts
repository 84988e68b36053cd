import { int32Range } from '../core/dtype.js';
import { FormatError } from '../core/errors.js';

/*
 * What the texts of a column are read as. Inference takes the first of integer, number, boolean and string that all of a
 * column's texts are.
 */

export const columnTypes = ['number', 'integer', 'boolean', 'string', 'category'] as const;

/** How a column is to be read; a list of texts is a category of these values in this order. */
export type ColumnType = (typeof columnTypes)[number] | readonly string[];

/** A column as typed arrays hold it, and what stands where a value is missing. */
export type Column =
  /** Missing: NaN. */
  | { readonly type: 'number'; readonly values: Float64Array }
  /** None is missing. */
  | { readonly type: 'integer'; readonly values: Int32Array }
  /** 0 or 1; none is missing. */
  | { readonly type: 'boolean'; readonly values: Uint8Array }
  /** Missing: null. */
  | { readonly type: 'string'; readonly values: readonly (string | null)[] }
  /** Positions in `categories`, which are in ascending order unless they were given; missing: −1. */
  | { readonly type: 'category'; readonly values: Int32Array; readonly categories: readonly string[] };

/** Where texts come from, for errors; row 0 of the texts is row `first` of the file's data. */
export interface Origin {
  readonly file: string;
  readonly column: string;
  readonly first: number;
}

/** Texts of a column, missing ones as null, as typed values; inferred where no type is given. */
export function readColumn(texts: readonly (string | null)[], type: ColumnType | undefined, origin: Origin): Column {
  if (type === undefined) return readColumn(texts, infer(texts), origin);
  if (typeof type !== 'string') return category(texts, type, origin);
  switch (type) {
    case 'number':
      return { type, values: Float64Array.from(texts, (text, i) => (text === null ? NaN : checked(number, text, i))) };
    case 'integer':
      return { type, values: Int32Array.from(texts, (text, i) => checked(integer, present(text, i), i)) };
    case 'boolean':
      return { type, values: Uint8Array.from(texts, (text, i) => checked(boolean, present(text, i), i)) };
    case 'string':
      return { type, values: texts };
    case 'category':
      return category(texts, [...new Set(texts.filter((text) => text !== null))].sort(), origin);
  }

  function checked(read: (text: string) => number | undefined, text: string, i: number): number {
    const value = read(text);
    if (value === undefined)
      throw misfit(origin, i, `must be ${kinds[type as keyof typeof kinds]}; got ${excerpt(text)}`);
    return value;
  }
  function present(text: string | null, i: number): string {
    if (text === null) throw misfit(origin, i, `must not be missing; read the column as 'number' or 'category'`);
    return text;
  }
}

const kinds = {
  number: 'a number',
  integer: `a whole number from ${int32Range.low} to ${int32Range.high}`,
  boolean: 'true, false, 1 or 0',
};

function infer(texts: readonly (string | null)[]): ColumnType {
  const given = texts.filter((text) => text !== null);
  const all = (read: (text: string) => number | undefined) => given.every((text) => read(text) !== undefined);
  const whole = given.length === texts.length;
  if (whole && all(integer)) return 'integer';
  if (all(number)) return 'number';
  return whole && all((text) => (/^[01]$/.test(text) ? undefined : boolean(text))) ? 'boolean' : 'string';
}

/** Decimal, as Python writes it; undefined for what is none. */
function number(text: string): number | undefined {
  if (/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return Number(text);
  const sign = /^\s*([+-]?)inf(inity)?\s*$/i.exec(text)?.[1];
  return sign === undefined ? undefined : sign === '-' ? -Infinity : Infinity;
}

function integer(text: string): number | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value >= int32Range.low && value <= int32Range.high ? value : undefined;
}

function boolean(text: string): number | undefined {
  const word = /^\s*(true|false|1|0)\s*$/i.exec(text)?.[1].toLowerCase();
  return word === undefined ? undefined : word === 'true' || word === '1' ? 1 : 0;
}

function category(texts: readonly (string | null)[], categories: readonly string[], origin: Origin): Column {
  const codes = new Map(categories.map((text, code) => [text, code]));
  const values = Int32Array.from(texts, (text, i) => {
    const code = text === null ? -1 : codes.get(text);
    if (code === undefined) {
      throw misfit(origin, i, `must be one of ${excerpt(categories.join(', '))}; got ${excerpt(text ?? '')}`);
    }
    return code;
  });
  return { type: 'category', values, categories: [...categories] };
}

function misfit({ file, column, first }: Origin, i: number, text: string): FormatError {
  return new FormatError(`csv: ${file}: row ${first + i}, column ${excerpt(column)}: ${text}`);
}

/** A text of a file as an error shows it. */
export function excerpt(text: string): string {
  const quoted = JSON.stringify(text.slice(0, 80));
  return text.length <= 80 ? quoted : `${quoted}…`;
}
