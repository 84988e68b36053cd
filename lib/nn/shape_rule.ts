import type { DType, Floating, Promoted } from '../core/dtype.js';
import type { Mismatch, Ranked, Shape } from '../core/types.js';
import type { Images, Rank } from '../ops/convolution/window.js';

/*
 * How layers change shapes and dtypes, in types. A layer declares a rule; `(rule & { input: S })['output']` is what shape S
 * becomes: `this['input']` in the rule is then S. Likewise `this['from']` is the dtype of the input.
 */

export interface ShapeRule {
  readonly input: unknown;
  readonly output: unknown;
  readonly from: DType;
  /** The result's dtype: the input's, float32 of integers, unless the rule says otherwise. */
  readonly dtype: DType;
}

/** The key under which a layer's type has its rule; no value has it. */
export declare const shapeRule: unique symbol;

/** What shape S becomes by a rule. */
export type Applied<R extends ShapeRule, S> = (R & { readonly input: S })['output'];
/** The dtype of the result of an input of dtype D. */
export type ResultDType<R extends ShapeRule, D extends DType> = (R & { readonly from: D })['dtype'];

/** Layers that compute in floating-point numbers: integers give float32. */
export interface FloatRule extends ShapeRule {
  readonly dtype: Floating<this['from']>;
}

/** Layers that multiply with their own parameters, as wide as those at least. */
export interface WeightedRule extends ShapeRule {
  readonly dtype: Floating<Promoted<this['from'], 'float32'>>;
}

/** Elementwise layers. */
export interface SameShape extends FloatRule {
  readonly output: this['input'];
}

/** Elementwise layers that compute with their own parameters. */
export interface WeightedShape extends WeightedRule {
  readonly output: this['input'];
}

/** Layers whose result's shape is not computed in types. */
export interface UnknownShape extends FloatRule {
  readonly output: any;
}

/** Layers that leave integers what they are. */
export interface SameDType extends ShapeRule {
  readonly dtype: this['from'];
}

/** Elementwise layers that leave integers what they are. */
export interface SameTensor extends SameDType {
  readonly output: this['input'];
}

/**
 * Layers on images [N, C, H, W], or of another rank, beside a rule of dtypes; Out is the number of channels of the result,
 * or 'same'.
 */
export interface ImageRule<In extends number, Out extends number | 'same', R extends Rank = 2> extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? ImageShape<S, In, Out, R> : never;
}
type ImageShape<S extends Shape, In extends number, Out extends number | 'same', R extends Rank> =
  Ranked<S> extends false
    ? any
    : S extends Readonly<Images<infer N extends number, infer C extends number, R>>
      ? number extends C | In
        ? Images<N, Out extends number ? Out : C, R>
        : C extends In
          ? Images<N, Out extends number ? Out : C, R>
          : Mismatch<`the layer takes ${In} channels; its input has ${C}`>
      : NoImages<R>;
/** What a layer of a rank makes of other shapes. */
export type NoImages<R extends Rank> = {
  1: Mismatch<'a layer on sequences takes [batch, channels, length]'>;
  2: Mismatch<'a layer on images takes [batch, channels, height, width]'>;
  3: Mismatch<'a layer on volumes takes [batch, channels, depth, height, width]'>;
}[R];

type RuleOf<L> = L extends { readonly [shapeRule]?: infer R extends ShapeRule } ? R : ShapeRule & { output: any };

/** The shape that S becomes by one layer after another; any after a layer without a rule. */
export type Chain<L extends readonly unknown[], S> = [S] extends [Mismatch<string>]
  ? S
  : L extends readonly [infer First, ...infer Rest]
    ? Chain<Rest, Applied<RuleOf<First>, S>>
    : L extends readonly []
      ? S
      : any;
