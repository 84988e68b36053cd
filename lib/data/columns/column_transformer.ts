import { checkObject } from '../../core/check.js';
import { FormatError, ShapeError, ValueError } from '../../core/errors.js';
import type { Stateful } from '../../core/state.js';
import type { Column } from '../../io/csv_types.js';
import { Table } from '../../io/table.js';
import { concat } from '../../ops/shape/concat.js';
import { reshape } from '../../ops/shape/reshape.js';
import { to } from '../../ops/shape/to.js';
import { tensor } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Label } from '../classes.js';
import type { LabelColumn } from './category_encoder.js';
import { loadAll } from './pipeline.js';
import type { ColumnTransform } from './transform.js';

/** Columns by their names: numbers (NaN where one is missing), words or truth values (null), equally many in each. */
export type Columns = Readonly<Record<string, LabelColumn>>;

/**
 * Makes features of the columns of a table, each by its own transform, side by side in the order given:
 *
 *     const features = new ColumnTransformer({
 *       age: new Pipeline([new Imputer({ strategy: 'median' }), new StandardScaler()]),
 *       fare: new StandardScaler(),
 *       sex: new OneHotEncoder(),
 *     });
 *     const x = features.fitTransform(await readCsv('titanic.csv'));      // [n, 4] float32
 *
 * Columns that are not named are left out.
 *
 * @throws ValueError "ColumnTransformer.fit: there is no column 'age'; there are Age, Fare"
 * @source scikit-learn's ColumnTransformer
 */
export class ColumnTransformer implements Stateful<Record<string, unknown>> {
  readonly transforms: Readonly<Record<string, ColumnTransform>>;

  constructor(transforms: Readonly<Record<string, ColumnTransform>>) {
    checkObject('ColumnTransformer', 'transforms', transforms);
    if (Object.keys(transforms).length === 0)
      throw new ValueError('ColumnTransformer: a column must be named; got none');
    this.transforms = transforms;
  }

  fit(columns: Columns | Table): this {
    this.#each('fit', columns, (transform, column) => transform.fit(column));
    return this;
  }

  /** [n, features] float32 */
  transform(columns: Columns | Table): Tensor<[number, number], 'float32'> {
    const parts = this.#each('transform', columns, (transform, column) => transform.transform(column) as Tensor);
    return concat(
      parts.map((part) => to(part.rank === 1 ? reshape(part, [part.size, 1]) : part, 'float32')),
      1,
    ) as Tensor<any, 'float32'>;
  }

  /** `fit` and `transform`. */
  fitTransform(columns: Columns | Table): Tensor<[number, number], 'float32'> {
    return this.fit(columns).transform(columns);
  }

  stateDict(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.transforms).map(([name, transform]) => [name, transform.stateDict()]),
    );
  }

  loadStateDict(states: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(this.transforms);
    const missing = names.filter((name) => !Object.hasOwn(states, name));
    if (missing.length > 0) {
      throw new FormatError(
        `ColumnTransformer.loadStateDict: the state must have the columns ${names.join(', ')}; missing: ${missing.join(', ')}`,
      );
    }
    loadAll(names.map((name) => [this.transforms[name], states[name]]));
  }

  #each<R>(method: string, columns: Columns | Table, body: (transform: ColumnTransform, column: unknown) => R): R[] {
    const op = `ColumnTransformer.${method}`;
    const names = columns instanceof Table ? columns.names : Object.keys(columns);
    const lengths = new Set<number>();
    const given = Object.entries(this.transforms).map(([name, transform]) => {
      if (!names.includes(name)) {
        throw new ValueError(`${op}: there is no column '${name}'; there are ${names.join(', ')}`);
      }
      const column = columns instanceof Table ? valuesOf(columns.column(name)) : columns[name];
      lengths.add(column instanceof Tensor ? column.size : column.length);
      return [transform, transform.takes === 'features' ? numeric(op, name, column) : column] as const;
    });
    if (lengths.size > 1) {
      throw new ShapeError(`${op}: columns must be equally long; got lengths ${[...lengths].join(', ')}`);
    }
    return given.map(([transform, column]) => body(transform, column));
  }
}

/** A table's column, categories as their words. */
function valuesOf(column: Column): ArrayLike<Label | null> {
  if (column.type !== 'category') return column.values;
  const { values, categories } = column;
  return Array.from(values, (position) => categories[position] ?? null);
}

/** A column of numbers as [n, 1] float64, NaN where one is missing. */
function numeric(op: string, name: string, column: LabelColumn): Tensor {
  const values = column instanceof Tensor ? (column.data() as ArrayLike<number>) : column;
  const numbers = Float64Array.from(values, (value) => {
    if (typeof value === 'string') {
      throw new ValueError(`${op}: column '${name}' must hold numbers; got '${value}'; encode it by a OneHotEncoder`);
    }
    return value === null ? Number.NaN : Number(value);
  });
  return reshape(tensor(numbers), [numbers.length, 1]) as Tensor;
}
