import { checkWhole, given } from '../core/check.js';
import type { DType } from '../core/dtype.js';
import { ShapeError } from '../core/errors.js';
import { show } from '../core/shape.js';
import type { Ranked, Shape } from '../core/types.js';
import { indexSelect } from '../ops/indexing/index_select.js';
import { reshape } from '../ops/shape/reshape.js';
import { slice } from '../ops/shape/slice.js';
import { tensor } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';
import { checkIndex, type Dataset } from './dataset.js';

/** A run of a series' rows. */
type Run<S extends Shape, D extends DType> = Tensor<
  Ranked<S> extends true ? (S extends readonly [number, ...infer R extends Shape] ? [number, ...R] : never) : any,
  D
>;
/** Several of them. */
type Runs<S extends Shape, D extends DType> = Tensor<
  Ranked<S> extends true
    ? S extends readonly [number, ...infer R extends Shape]
      ? [number, number, ...R]
      : never
    : any,
  D
>;

/** Pieces of a series as examples of two runs of it. */
export type Windows<S extends Shape, D extends DType> = Dataset<[Run<S, D>, Run<S, D>], [Runs<S, D>, Runs<S, D>]>;

export interface TokenWindowsOptions {
  /** Tokens of each window; whole, ≥ 1. */
  length: number;
  /** Tokens from one window's beginning to the next's; whole, ≥ 1; default `length`: they do not overlap. */
  stride?: number;
}

/**
 * Windows over a stream of tokens, for a language model: an example is `length` tokens, and for each of them the next one.
 *
 *     const train = tokenWindows(tokenizer.encode(text), { length: 128 });
 *     for (const [x, y] of new DataLoader(train, { batchSize: 32, shuffle: true })) …     // [32, 128] and [32, 128] int32
 *
 * @param tokens  ids
 * @throws ShapeError "tokenWindows: a window needs 129 tokens, of which the last is only predicted; got 100"
 */
export function tokenWindows(
  tokens: Int32Array | Tensor<any, 'int32'>,
  options: TokenWindowsOptions,
): Windows<[number], 'int32'> {
  const { length, stride = length } = given(options);
  checkWhole('tokenWindows', 'length', length, 1);
  checkWhole('tokenWindows', 'stride', stride, 1);
  const stream: Tensor<any, 'int32'> = tokens instanceof Int32Array ? tensor(tokens) : tokens;
  checkTensor('tokenWindows', stream);
  if (stream.rank !== 1)
    throw new ShapeError(`tokenWindows: tokens must have one axis; got shape ${show(stream.shape)}`);
  if (stream.size <= length) {
    throw new ShapeError(
      `tokenWindows: a window needs ${length + 1} tokens, of which the last is only predicted; got ${stream.size}`,
    );
  }
  return windows('tokenWindows', stream as Tensor<[number], 'int32'>, stride, [0, length], [1, length]);
}

export interface TimeSeriesWindowsOptions {
  /** Values that are known; whole, ≥ 1. */
  length: number;
  /** Values that are to be forecast, right behind them; whole, ≥ 1; default 1. */
  horizon?: number;
  /** Values from one window's beginning to the next's; whole, ≥ 1; default 1. */
  stride?: number;
}

/**
 * Windows over a time series: an example is `length` values, and the `horizon` values that come next.
 *
 *     timeSeriesWindows(passengers, { length: 12 })        // of [144, 1]: 132 examples of [12, 1] and [1, 1]
 *
 * @param series  [time, ...]: a series, or several side by side
 * @throws ShapeError "timeSeriesWindows: a window needs 12 values and 1 to forecast; got 10"
 */
export function timeSeriesWindows<S extends Shape, D extends DType>(
  series: Tensor<S, D>,
  options: TimeSeriesWindowsOptions,
): Windows<S, D> {
  const { length, horizon = 1, stride = 1 } = given(options);
  checkWhole('timeSeriesWindows', 'length', length, 1);
  checkWhole('timeSeriesWindows', 'horizon', horizon, 1);
  checkWhole('timeSeriesWindows', 'stride', stride, 1);
  checkTensor('timeSeriesWindows', series);
  if (series.rank === 0) throw new ShapeError('timeSeriesWindows: a series must have an axis of time; got shape []');
  const times = series.shape[0] as number;
  if (times < length + horizon) {
    throw new ShapeError(`timeSeriesWindows: a window needs ${length} values and ${horizon} to forecast; got ${times}`);
  }
  return windows('timeSeriesWindows', series, stride, [0, length], [length, horizon]);
}

/** Where a run begins behind the window's beginning, and how long it is. */
type Part = readonly [offset: number, length: number];

function windows<S extends Shape, D extends DType>(
  op: string,
  series: Tensor<S, D>,
  stride: number,
  ...parts: readonly [Part, Part]
): Windows<S, D> {
  const [, [offset, length]] = parts;
  const count = Math.floor(((series.shape[0] as number) - offset - length) / stride) + 1;
  const runs = (take: (part: Part) => Tensor<any, D>): [Tensor<any, D>, Tensor<any, D>] =>
    noGrad(() => [take(parts[0]), take(parts[1])]);
  return {
    length: count,
    // Views: nothing is copied.
    get(index) {
      checkIndex(`${op}.get`, index, count);
      return runs(([offset, length]) => slice(series, [index * stride + offset, index * stride + offset + length]));
    },
    batch(indices) {
      for (const index of indices) checkIndex(`${op}.batch`, index, count);
      return runs(([offset, length]) => {
        const rows = new Int32Array(indices.length * length);
        for (let i = 0; i < rows.length; i++)
          rows[i] = indices[Math.floor(i / length)] * stride + offset + (i % length);
        const picked = indexSelect(series as Tensor, 0, tensor(rows));
        return reshape(picked, [indices.length, length, ...series.shape.slice(1)]) as Tensor<any, D>;
      });
    },
  };
}
