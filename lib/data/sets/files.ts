import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, ValueError } from '../../core/errors.js';
import { readCsv } from '../../io/csv.js';
import type { ColumnType } from '../../io/csv_types.js';
import type { Table } from '../../io/table.js';

/** Where a file of a set lies, plain or gzip. */
export async function findFile(op: string, folder: string, name: string): Promise<string> {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new FormatError(`${op}: ${folder} has neither ${name} nor ${name}.gz`);
}

/** A table of a set, which has the columns named, none of their categories missing. */
export async function readTable(op: string, path: string, types: Readonly<Record<string, ColumnType>>): Promise<Table> {
  const table = await readCsv(path, { types }).catch((cause: Error) => {
    // A column that the file lacks is the file's fault, not the caller's.
    throw cause instanceof ValueError ? new FormatError(`${op}: ${path}: ${cause.message}`, { cause }) : cause;
  });
  for (const [name, { type, values }] of table.columns) {
    const row = type === 'category' ? values.indexOf(-1) : -1;
    if (row >= 0) throw new FormatError(`${op}: ${path}: row ${row + 1}, column "${name}": must not be missing`);
  }
  return table;
}
