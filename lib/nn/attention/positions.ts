import { checkPositive, checkWhole } from '../../core/check.js';
import type { FloatDType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { add } from '../../ops/elementwise/add.js';
import { indexSelect } from '../../ops/indexing/index_select.js';
import { slice } from '../../ops/shape/slice.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { declareKeepsNothing } from '../container/chain.js';
import { normal } from '../init/init.js';
import { Module } from '../module.js';
import { newParameter, type ParameterOptions } from '../parameter.js';

export interface SinusoidalPositionsOptions {
  /** The wavelengths grow from 2π to base · 2π; > 0; default 10000. */
  base?: number;
  /** Default 'float32'. */
  dtype?: FloatDType | undefined;
}

/**
 * A vector for each position t: sines and cosines of falling frequency, in turn.
 *
 *   p[t, 2k] = sin(t · base^(−2k / dim))      p[t, 2k + 1] = cos(t · base^(−2k / dim))
 *
 * @param length  positions 0 … length − 1; whole, ≥ 0
 * @param dim     whole, ≥ 1
 * @returns       [length, dim]
 * @source Vaswani and others 2017, arXiv:1706.03762, section 3.5
 */
export function sinusoidalPositions(
  length: number,
  dim: number,
  { base = 10000, dtype = 'float32' }: SinusoidalPositionsOptions = {},
): Tensor<[number, number]> {
  checkWhole('sinusoidalPositions', 'length', length, 0);
  checkWhole('sinusoidalPositions', 'dim', dim, 1);
  checkPositive('sinusoidalPositions', 'base', base);
  const values = Float64Array.from({ length: length * dim }, (_, i) => {
    const [t, at] = [Math.floor(i / dim), i % dim];
    const angle = t * base ** (-(at - (at % 2)) / dim);
    return at % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return tensor(values, { shape: [length, dim], dtype }) as Tensor<[number, number]>;
}

export interface PositionOptions {
  /** The first axis is the batch, not the position; default false. */
  batchFirst?: boolean;
}

/** Adds to each position a vector of its own, a row of a table. */
abstract class Positions extends Module {
  /** [maxLength, dim] */
  protected abstract readonly table: Tensor;
  abstract readonly maxLength: number;
  abstract readonly dim: number;
  abstract readonly batchFirst: boolean;

  /**
   * @param x          [L, N, dim] (with batchFirst [N, L, dim]; unbatched [L, dim])
   * @param positions  [L] int32, where x stands; default 0 … L − 1
   * @throws ShapeError "LearnedPositions: x must have the axes [length, batch, 8] with a length ≤ 16; got [17, 2, 8]"
   */
  forward(x: Tensor, positions?: Tensor<any, 'int32'>): Tensor {
    const { maxLength, dim, batchFirst } = this;
    const length = x.shape[x.rank === 3 && batchFirst ? 1 : 0];
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[x.rank - 1] !== dim || (!positions && length > maxLength)) {
      const axes = batchFirst ? 'batch, length' : 'length, batch';
      throw new ShapeError(
        `${this.constructor.name}: x must have the axes [${axes}, ${dim}] with a length ≤ ${maxLength}; got ${show(x.shape)}`,
      );
    }
    const rows: Tensor = positions ? indexSelect(this.table, 0, positions) : slice(this.table, [0, length]);
    return add(x, x.rank === 3 && !batchFirst ? rows.reshape([rows.shape[0], 1, dim]) : rows);
  }
}

declareKeepsNothing(Positions);

/** Adds `sinusoidalPositions`; nothing is learned or saved. */
export class SinusoidalPositions extends Positions {
  readonly base: number;
  readonly batchFirst: boolean;
  protected readonly table: Tensor;

  /**
   * @param maxLength  positions of the table; whole, ≥ 1
   * @param dim        whole, ≥ 1
   */
  constructor(
    readonly maxLength: number,
    readonly dim: number,
    { batchFirst = false, ...options }: SinusoidalPositionsOptions & PositionOptions = {},
  ) {
    super();
    checkWhole('SinusoidalPositions', 'maxLength', maxLength, 1);
    this.base = options.base ?? 10000;
    this.batchFirst = batchFirst;
    this.table = sinusoidalPositions(maxLength, dim, options);
  }
}

/** Adds a learned vector to each position: weight [maxLength, dim], normal with standard deviation 0.02. */
export class LearnedPositions extends Positions {
  readonly batchFirst: boolean;
  readonly weight: Tensor;

  /**
   * @param maxLength  whole, ≥ 1
   * @param dim        whole, ≥ 1
   */
  constructor(
    readonly maxLength: number,
    readonly dim: number,
    { batchFirst = false, ...options }: ParameterOptions & PositionOptions = {},
  ) {
    super();
    checkWhole('LearnedPositions', 'maxLength', maxLength, 1);
    checkWhole('LearnedPositions', 'dim', dim, 1);
    this.batchFirst = batchFirst;
    this.weight = newParameter(
      [maxLength, dim],
      (weight, options) => normal(weight, { std: 0.02, ...options }),
      options,
    );
  }

  protected override get table(): Tensor {
    return this.weight;
  }
}
