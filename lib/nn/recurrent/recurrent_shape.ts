import type { DType, Floating, Promoted } from '../../core/dtype.js';
import type { Checked, Mismatch, Ranked, Result, Same, Shape, Show } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { PackedSequence } from './packed_sequence.js';

/* What recurrent layers make of shapes and dtypes, in types. */

/** The output of a recurrent layer: x with its last axis replaced. */
export type RecurrentShape<S extends Shape, In extends number, Out extends number> =
  Ranked<S> extends false
    ? any
    : S extends readonly [number, infer K extends number] | readonly [number, number, infer K extends number]
      ? [Same<K, In>] extends [never]
        ? Mismatch<`the last axis of [${Show<S>}] must have the ${In} elements that the layer takes`>
        : S extends readonly [...infer P extends Shape, number]
          ? [...P, Out]
          : never
      : Mismatch<'a recurrent layer takes [steps, batch, in] or [steps, in]'>;

/** Its state: one for every layer and direction. */
export type StateShape<S extends Shape, H extends number> =
  Ranked<S> extends false ? any : S['length'] extends 2 ? [number, H] : [number, number, H];

/** What a cell makes of the shape of one step's input, and its state. */
export type CellShape<S extends Shape, In extends number, H extends number> =
  Ranked<S> extends false
    ? any
    : S extends readonly [infer K extends number] | readonly [number, infer K extends number]
      ? [Same<K, In>] extends [never]
        ? Mismatch<`the last axis of [${Show<S>}] must have the ${In} elements that the cell takes`>
        : S extends readonly [...infer P extends Shape, number]
          ? [...P, H]
          : never
      : Mismatch<'a recurrent cell takes [batch, in] or [in]'>;

/** Elements of an output: two directions have twice as many as a state, a number that types cannot tell. */
export type Width<H extends number, Bi extends boolean> = Bi extends true ? number : H;

/** The dtype of the results. */
export type RecurrentFloat<D extends DType> = Floating<Promoted<D, 'float32'>>;

/** A tensor, or what is packed. */
export type Steps = Tensor | PackedSequence;
type ShapeIn<X> = X extends Tensor ? X['shape'] : never;
type FloatIn<X> = X extends Tensor
  ? RecurrentFloat<X['dtype']>
  : X extends PackedSequence<infer D>
    ? RecurrentFloat<D>
    : never;

export type RecurrentInput<X extends Steps, In extends number> = X &
  (X extends Tensor ? Checked<RecurrentShape<X['shape'], In, number>> : unknown);
/** Packed if x is. */
export type RecurrentOutput<X extends Steps, In extends number, Out extends number> = [X] extends [PackedSequence]
  ? PackedSequence<FloatIn<X>>
  : Tensor<Result<RecurrentShape<ShapeIn<X>, In, Out>>, FloatIn<X>>;
export type RecurrentState<X extends Steps, H extends number> = Tensor<
  [X] extends [PackedSequence] ? [number, number, H] : StateShape<ShapeIn<X>, H>,
  FloatIn<X>
>;
export type CellInput<S extends Shape, D extends DType, In extends number> = Tensor<S, D> &
  Checked<CellShape<S, In, number>>;
export type CellState<S extends Shape, D extends DType, In extends number, H extends number> = Tensor<
  Result<CellShape<S, In, H>>,
  RecurrentFloat<D>
>;
