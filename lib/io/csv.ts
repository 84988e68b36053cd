import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { CsvError, Options } from 'csv-parse';
import { checkInstance, checkOneOf, checkWhole } from '../core/check.js';
import { type AdjointError, FormatError, ValueError } from '../core/errors.js';
import { importPeer } from '../core/peer.js';
import { type Column, type ColumnType, columnTypes, excerpt, readColumn } from './csv_types.js';
import { FileSource } from './source.js';
import { Table } from './table.js';

export interface CsvOptions {
  /** Between two fields, one character; default ','. */
  delimiter?: string;
  /** The first line holds the columns' names (true), it does not (false: `column1`, …), or these are the names; default true. */
  header?: boolean | readonly string[];
  /** What columns are read as; those not named are inferred. */
  types?: Readonly<Record<string, ColumnType>>;
  /** Texts that stand for a missing value, space around them aside; default '', NA, N/A, n/a, NaN, nan, NULL and null. */
  missing?: readonly string[];
}

const missingTexts = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null'];
/** A quote that is never closed would make the rest of the file one record. */
const maxRecordCharacters = 2 ** 24;

/**
 * Reads a table of comma-separated values in UTF-8, with a header or without. A column is of integers, numbers, booleans
 * (true, false in any case) or texts, the first that all of its values are; a missing number is NaN, a missing text null;
 * integers and booleans of which some are missing are numbers and texts. Empty lines are left out. Needs the package csv-parse.
 *
 *     const table = await readCsv('titanic.csv', { types: { sex: 'category' } });
 *     const x = table.toTensor(['age', 'fare']);
 *     const { values, categories } = table.column('sex');
 *
 * @throws FormatError "csv: titanic.csv: row 3, column "age": must be a number; got "x"", and for rows that differ in
 *   length, quotes that are not closed, names that are repeated; a row's number counts rows of data from 1
 * @source RFC 4180
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  const bytes = await FileSource.with('readCsv', path, (file) => file.head(file.size));
  return parse('readCsv', bytes, path, options);
}

/** As `readCsv`, of a text or its bytes; `name` is what errors call it. */
export const parseCsv = (text: string | Uint8Array, options: CsvOptions = {}, name = 'text'): Promise<Table> =>
  parse('parseCsv', typeof text === 'string' ? Buffer.from(text) : text, name, options);

async function parse(op: string, bytes: Uint8Array, name: string, options: CsvOptions): Promise<Table> {
  checkInstance(op, 'text', bytes, Uint8Array);
  const rows = new Rows(op, name, options);
  const { parse, CsvError } = await importPeer<typeof import('csv-parse/sync')>(op, 'csv-parse/sync');
  if (!isUtf8(bytes)) throw notUtf8(name);
  try {
    parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      ...rows.parserOptions,
      on_record: (record: string[]) => {
        rows.add(record);
        return null;
      },
    });
  } catch (cause) {
    throw rows.fault(cause, CsvError);
  }
  return rows.take();
}

/**
 * Reads a file that is larger than memory, some rows at a time. Types that are not given are inferred from the first
 * rows, whole numbers as numbers; a category needs its values, since later rows may bring more.
 *
 *     for await (const table of streamCsv('ratings.csv', { rows: 4096 })) …
 *
 * @param options.rows  of a table; default 1024
 * @throws FormatError as `readCsv`; ValueError for a type 'category' without its values
 */
export async function* streamCsv(path: string, options: CsvOptions & { rows?: number } = {}): AsyncGenerator<Table> {
  const { rows: size = 1024 } = options;
  checkWhole('streamCsv', 'rows', size, 1);
  for (const [name, type] of Object.entries(options.types ?? {})) {
    if (type === 'category') {
      throw new ValueError(
        `streamCsv: column '${name}' must list its categories, since later rows may bring more; write types: { ${name}: ['a', 'b'] }`,
      );
    }
  }
  const rows = new Rows('streamCsv', path, options, true);
  const { parse, CsvError } = await importPeer<typeof import('csv-parse')>('streamCsv', 'csv-parse');
  // Says which file is missing, or is a folder.
  await FileSource.with('streamCsv', path, async () => undefined);
  const parser = parse(rows.parserOptions);
  // An error of the file, or of the text, is the parser's.
  pipeline(createReadStream(path), decoded, parser, () => undefined);
  try {
    for await (const record of parser) {
      rows.add(record as string[]);
      if (rows.count === size) yield rows.take();
    }
    const last = rows.take();
    if (last.length > 0) yield last;
  } catch (cause) {
    throw rows.fault(cause, CsvError);
  }
}

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Gathers records to columns of texts. */
class Rows {
  #names: readonly string[] | undefined;
  #texts: (string | null)[][] = [];
  /** Rows that were taken away. */
  #taken = 0;
  #types: ReadonlyMap<string, ColumnType>;
  readonly #missing: ReadonlySet<string>;
  readonly #header: boolean;
  readonly parserOptions: Options;
  /** Rows at hand. */
  count = 0;

  constructor(
    readonly op: string,
    readonly file: string,
    { delimiter = ',', header = true, types = {}, missing = missingTexts }: CsvOptions,
    /** Whether there will be several tables. */
    readonly pieces = false,
  ) {
    if (typeof delimiter !== 'string' || [...delimiter].length !== 1 || '"\r\n'.includes(delimiter)) {
      throw new ValueError(
        `${op}: delimiter must be one character, no quote and no line break; got ${JSON.stringify(delimiter)}`,
      );
    }
    for (const [name, type] of Object.entries(types)) {
      if (!Array.isArray(type)) checkOneOf(op, `type of '${name}'`, type as string, columnTypes);
    }
    this.#types = new Map(Object.entries(types));
    this.#missing = new Set(missing);
    this.#header = header === true;
    if (typeof header === 'object') this.#setNames(header, (text) => new ValueError(`${op}: ${text}`));
    this.parserOptions = {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      // Rows that differ in length are named below.
      relax_column_count: true,
      max_record_size: maxRecordCharacters,
    };
  }
  /** A record of the file, the first of which may be the header. */
  add(record: readonly string[]): void {
    if (this.#names === undefined) {
      const names = this.#header ? record : record.map((_, i) => `column${i + 1}`);
      this.#setNames(names, (text) => new FormatError(`csv: ${this.file}: ${text}`));
      if (this.#header) return;
    }
    if (record.length !== this.#texts.length) {
      throw new FormatError(
        `csv: ${this.file}: row ${this.#taken + this.count + 1} must have ${this.#texts.length} fields, as many as there are columns; got ${record.length}`,
      );
    }
    record.forEach((text, column) => {
      this.#texts[column].push(this.#missing.has(text.trim()) ? null : text);
    });
    this.count++;
  }

  /** The rows at hand as a table; those to come are read as the same types. */
  take(): Table {
    if (this.#names === undefined && this.#header) {
      throw new FormatError(`csv: ${this.file}: the header is missing: the text is empty`);
    }
    const columns = new Map<string, Column>();
    const types = new Map<string, ColumnType>();
    this.#names?.forEach((column, i) => {
      const origin = { file: this.file, column, first: this.#taken + 1 };
      const given = this.#types.get(column);
      const found = readColumn(this.#texts[i], given, origin);
      // Whole numbers of the first rows do not mean that all are.
      const widened = this.pieces && given === undefined && found.type === 'integer';
      const read: Column = widened ? { type: 'number', values: Float64Array.from(found.values) } : found;
      columns.set(column, read);
      types.set(column, given ?? read.type);
      this.#texts[i] = [];
    });
    const table = new Table(columns, this.count);
    this.#types = types;
    this.#taken += this.count;
    this.count = 0;
    return table;
  }

  /** What went wrong, in our words; `Fault` is the parser's error. */
  fault(cause: unknown, Fault: typeof CsvError): unknown {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return notUtf8(this.file);
    if (!(cause instanceof Fault)) return cause;
    return new FormatError(`csv: ${this.file}: ${cause.message.slice(0, 300)}`, { cause });
  }

  #setNames(names: readonly string[], fail: (text: string) => AdjointError): void {
    const repeated = names.find((name, i) => names.indexOf(name) !== i);
    if (repeated !== undefined) throw fail(`the columns' names must differ; ${excerpt(repeated)} is repeated`);
    const unknown = [...this.#types.keys()].find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new ValueError(
        `${this.op}: types: there is no column '${unknown}'; there are ${names.join(', ').slice(0, 300)}`,
      );
    }
    this.#names = names;
    this.#texts = names.map(() => []);
  }
}

const notUtf8 = (file: string): FormatError =>
  new FormatError(`csv: ${file}: the text must be UTF-8; convert it first`);
