import type { DType } from '../core/dtype.js';
import { DTypeError, ValueError } from '../core/errors.js';
import { fromStorage, tensor } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Column } from './csv_types.js';

/** A column's own dtype as a tensor. */
const dtypeOf = { number: 'float32', integer: 'int32', boolean: 'bool', category: 'int32' } as const satisfies Partial<
  Record<Column['type'], DType>
>;

/**
 * Named columns of one length, as `readCsv` gives them.
 *
 *     const x = table.toTensor(['age', 'fare']);      // [n, 2] float32
 *     const y = table.toTensor('species');            // [n] int32, positions in the column's categories
 */
export class Table {
  readonly columns: ReadonlyMap<string, Column>;
  /** Rows. */
  readonly length: number;

  constructor(columns: ReadonlyMap<string, Column>, length: number) {
    this.columns = columns;
    this.length = length;
  }

  get names(): string[] {
    return [...this.columns.keys()];
  }

  /** @throws ValueError "Table.column: there is no column 'Age'; there are age, fare" */
  column(name: string): Column {
    const column = this.columns.get(name);
    if (column === undefined) {
      throw new ValueError(`Table.column: there is no column '${name}'; there are ${this.names.join(', ')}`);
    }
    return column;
  }

  /**
   * A column as [rows], numbers as float32, integers and categories as int32, booleans as bool; or several as
   * [rows, columns], default float32.
   *
   * @throws DTypeError for texts; ValueError for a category that is missing somewhere, or among several columns
   */
  toTensor(name: string): Tensor<[number]>;
  toTensor(names: readonly string[], options?: { dtype?: 'float32' | 'float64' }): Tensor<[number, number]>;
  toTensor(
    names: string | readonly string[],
    { dtype = 'float32' }: { dtype?: 'float32' | 'float64' } = {},
  ): Tensor<any> {
    if (typeof names === 'string') return this.#single(names);
    const y = new (dtype === 'float32' ? Float32Array : Float64Array)(this.length * names.length);
    names.forEach((name, at) => {
      const { values } = this.#numeric(name, false);
      for (let row = 0; row < this.length; row++) y[row * names.length + at] = values[row];
    });
    return fromStorage(y, [this.length, names.length], dtype);
  }

  #single(name: string): Tensor<[number]> {
    const { type, values } = this.#numeric(name, true);
    return tensor(values, { dtype: dtypeOf[type] }) as Tensor<[number]>;
  }

  #numeric(name: string, alone: boolean): Exclude<Column, { type: 'string' }> {
    const column = this.column(name);
    if (column.type === 'string') {
      throw new DTypeError(
        `Table.toTensor: column '${name}' must hold numbers; it holds texts; read it as 'category', or with its type`,
      );
    }
    if (column.type !== 'category') return column;
    if (!alone) {
      throw new ValueError(
        `Table.toTensor: column '${name}' is a category, whose positions are no quantities; encode it by oneHot(table.toTensor('${name}'))`,
      );
    }
    const row = column.values.indexOf(-1);
    if (row >= 0) throw new ValueError(`Table.toTensor: column '${name}' must not be missing; row ${row + 1} is`);
    return column;
  }
}
