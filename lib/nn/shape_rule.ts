import type { Mismatch, Ranked, Shape } from '../core/types.js';

/*
 * How layers change shapes, for the types of a chain. A layer declares a rule; `(rule & { input: S })['output']` is what
 * shape S becomes: `this['input']` in the rule is then S.
 */

export interface ShapeRule {
  readonly input: unknown;
  readonly output: unknown;
}

/** The key under which a layer's type has its rule; no value has it. */
export declare const shapeRule: unique symbol;

/** Elementwise layers. */
export interface SameShape extends ShapeRule {
  readonly output: this['input'];
}

/** Layers on images [N, C, H, W]; Out is the number of channels of the result, or 'same'. */
export interface ImageRule<In extends number, Out extends number | 'same'> extends ShapeRule {
  readonly output: this['input'] extends infer S extends Shape ? ImageShape<S, In, Out> : never;
}
type ImageShape<S extends Shape, In extends number, Out extends number | 'same'> =
  Ranked<S> extends false
    ? any
    : S extends readonly [infer N extends number, infer C extends number, number, number]
      ? number extends C | In
        ? [N, Out extends number ? Out : C, number, number]
        : C extends In
          ? [N, Out extends number ? Out : C, number, number]
          : Mismatch<`the layer takes ${In} channels; its input has ${C}`>
      : Mismatch<'a layer on images takes [batch, channels, height, width]'>;

type RuleOf<L> = L extends { readonly [shapeRule]?: infer R extends ShapeRule } ? R : ShapeRule & { output: any };

/** The shape that S becomes by one layer after another; any after a layer without a rule. */
export type Chain<L extends readonly unknown[], S> = [S] extends [Mismatch<string>]
  ? S
  : L extends readonly [infer First, ...infer Rest]
    ? Chain<Rest, (RuleOf<First> & { readonly input: S })['output']>
    : L extends readonly []
      ? S
      : any;
