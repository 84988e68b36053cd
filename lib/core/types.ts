/**
 * Shapes in types: literal dimensions are computed and checked, `number` is an unknown dimension that fits any, and the
 * default `any` is an unknown shape that fits any. A rule that fails becomes a Mismatch, whose text the editor shows.
 */
export type Shape = readonly number[];

declare const message: unique symbol;
/** A type that no value has; its text says which rule the arguments break. */
export interface Mismatch<Text extends string> {
  readonly [message]: Text;
}

/** What an argument must also be when a shape rule gave R: nothing more if it holds, else the Mismatch. */
export type Checked<R> = [R] extends [Mismatch<string>] ? R : unknown;
/** The shape a rule gave; a Mismatch never gets this far. */
export type Result<R> = R extends Shape ? R : never;

/** Whether T is `any` (or `unknown`, which no shape or dtype is). */
export type IsAny<T> = unknown extends T ? true : false;
/** Whether the rank is known. */
export type Ranked<S extends Shape> = IsAny<S> extends true ? false : number extends S['length'] ? false : true;
type Unknown<D extends number> = number extends D ? true : false;

/** A shape given as an argument: `const` keeps its literals, this takes away its readonly; unknown if the rank is. */
export type Literal<S extends Shape> = Ranked<S> extends false ? any : { -readonly [K in keyof S]: S[K] };

export type Show<S extends Shape> = S extends readonly []
  ? ''
  : S extends readonly [infer A extends number]
    ? `${A}`
    : S extends readonly [infer A extends number, ...infer R extends Shape]
      ? `${A}, ${Show<R>}`
      : '…';

/** Two dimensions that must be equal: the more precise of the two, or never. */
export type Same<A extends number, B extends number> =
  Unknown<A> extends true ? B : Unknown<B> extends true ? A : A extends B ? A : never;
type Wide<A extends number, B extends number> = A extends 1 ? B : B extends 1 ? A : Same<A, B>;
export type Init<S extends Shape> = S extends readonly [...infer R extends Shape, number] ? R : never;
export type Last<S extends Shape> = S extends readonly [...Shape, infer D extends number] ? D : number;

type Join<A extends Shape, B extends Shape, Acc extends Shape> = A extends readonly []
  ? [...B, ...Acc]
  : B extends readonly []
    ? [...A, ...Acc]
    : [Wide<Last<A>, Last<B>>] extends [never]
      ? never
      : Join<Init<A>, Init<B>, [Wide<Last<A>, Last<B>>, ...Acc]>;

/** NumPy broadcasting, aligned at the right. */
export type Broadcast<A extends Shape, B extends Shape> =
  Ranked<A> extends false
    ? any
    : Ranked<B> extends false
      ? any
      : Join<A, B, []> extends infer R
        ? [R] extends [never]
          ? Mismatch<`shapes [${Show<A>}] and [${Show<B>}] do not broadcast`>
          : R
        : never;

/** `[…, m, k] · […, k, n] → […, m, n]`; a vector is a row on the left, a column on the right. */
export type MatMul<A extends Shape, B extends Shape> =
  Ranked<A> extends false
    ? any
    : Ranked<B> extends false
      ? any
      : A extends readonly [infer K extends number]
        ? B extends readonly [infer K2 extends number]
          ? Inner<K, K2, []>
          : B extends readonly [...infer Q extends Shape, infer K2 extends number, infer N extends number]
            ? Inner<K, K2, [...Q, N]>
            : Mismatch<'matmul: a scalar cannot be multiplied; use mul'>
        : A extends readonly [...infer P extends Shape, infer M extends number, infer K extends number]
          ? B extends readonly [infer K2 extends number]
            ? Inner<K, K2, [...P, M]>
            : B extends readonly [...infer Q extends Shape, infer K2 extends number, infer N extends number]
              ? Broadcast<P, Q> extends infer R extends Shape
                ? Inner<K, K2, [...R, M, N]>
                : Mismatch<`matmul: batch dimensions [${Show<P>}] and [${Show<Q>}] do not broadcast`>
              : Mismatch<'matmul: a scalar cannot be multiplied; use mul'>
          : Mismatch<'matmul: a scalar cannot be multiplied; use mul'>;
type Inner<K extends number, K2 extends number, R> = [Same<K, K2>] extends [never]
  ? Mismatch<`matmul: inner dimensions ${K} and ${K2} differ`>
  : R;

/** Integer indices `0 … rank − 1` of a shape as string literals. */
type Indices<S extends Shape> = Exclude<keyof S, keyof (readonly unknown[])>;
/** Position from the right (1-based) → position from the left, e.g. for rank 3: {'-1': '2', '-2': '1', '-3': '0'}. */
type FromRight<S extends Shape, Left extends Shape = [], Acc = {}> = S extends readonly [
  number,
  ...infer R extends Shape,
]
  ? FromRight<R, [...Left, 0], Acc & { [K in `-${S['length']}`]: `${Left['length']}` }>
  : Acc;

/** A literal axis as the key of its dimension ('0', '1', …); never when it is out of range, string when it is unknown. */
export type AxisKey<S extends Shape, A extends number> = A extends number
  ? number extends A
    ? string
    : `${A}` extends Indices<S>
      ? `${A}`
      : `${A}` extends keyof FromRight<S>
        ? FromRight<S>[`${A}`]
        : never
  : never;

type RemoveKeys<S extends Shape, Keys, Keep, Left extends Shape = []> = S extends readonly [
  infer D extends number,
  ...infer R extends Shape,
]
  ? `${Left['length']}` extends Keys
    ? Keep extends true
      ? [1, ...RemoveKeys<R, Keys, Keep, [...Left, 0]>]
      : RemoveKeys<R, Keys, Keep, [...Left, 0]>
    : [D, ...RemoveKeys<R, Keys, Keep, [...Left, 0]>]
  : [];

type AxisKeys<S extends Shape, A> = A extends number
  ? AxisKey<S, A>
  : A extends readonly number[]
    ? AxisKey<S, A[number]>
    : never;

/** The shape after reducing over one axis, several, or all (undefined). */
export type Reduce<S extends Shape, A, Keep = false> = A extends undefined
  ? Keep extends true
    ? Ranked<S> extends false
      ? any
      : { [K in keyof S]: 1 }
    : []
  : Ranked<S> extends false
    ? any
    : IsAny<A> extends true
      ? any
      : [AxisKeys<S, A>] extends [never]
        ? Mismatch<`axis out of range for shape [${Show<S>}]`>
        : string extends AxisKeys<S, A>
          ? any
          : RemoveKeys<S, AxisKeys<S, A>, Keep>;

/** The shape with its axes in another order. */
export type Permute<S extends Shape, Order extends Shape> =
  Ranked<S> extends false
    ? any
    : Ranked<Order> extends false
      ? any
      : S['length'] extends Order['length']
        ? { -readonly [K in keyof Order]: AxisKey<S, Order[K]> extends keyof S ? S[AxisKey<S, Order[K]>] : number }
        : Mismatch<`permute: the order must name each of the ${S['length']} axes of [${Show<S>}] once`>;

/** The shape with its last two axes exchanged. */
export type Transposed<S extends Shape> =
  Ranked<S> extends false
    ? any
    : S extends readonly [...infer P extends Shape, infer M extends number, infer N extends number]
      ? [...P, N, M]
      : Mismatch<`transpose: [${Show<S>}] has fewer than two axes`>;

/** The shape of square matrices, with the more precise of the two sizes. */
export type Square<S extends Shape> =
  Ranked<S> extends false
    ? any
    : S extends readonly [...infer P extends Shape, infer M extends number, infer N extends number]
      ? [Same<M, N>] extends [never]
        ? Mismatch<`square matrices are needed, not [${Show<S>}]`>
        : [...P, Same<M, N>, Same<M, N>]
      : Mismatch<`square matrices are needed, not [${Show<S>}]`>;

/** The nested arrays that a tensor of shape S prints as and is made of. */
export type Nested<S extends Shape, E> =
  Ranked<S> extends false ? any : S extends readonly [number, ...infer R extends Shape] ? Nested<R, E>[] : E;

type InsertAt<S extends Shape, Key, D extends number, Left extends Shape = []> = `${Left['length']}` extends Key
  ? [...Left, D, ...S]
  : S extends readonly [infer First extends number, ...infer R extends Shape]
    ? InsertAt<R, Key, D, [...Left, First]>
    : never;

/** The shape with a new axis of size D, which becomes axis A of the result. */
export type Insert<S extends Shape, A extends number, D extends number> =
  Ranked<S> extends false
    ? any
    : [AxisKey<[...S, 0], A>] extends [never]
      ? Mismatch<`axis ${A} out of range for a new axis of shape [${Show<S>}]`>
      : string extends AxisKey<[...S, 0], A>
        ? any
        : InsertAt<S, AxisKey<[...S, 0], A>, D>;

/** The shape with another size along one axis. */
export type Resize<S extends Shape, A extends number, D extends number> =
  Ranked<S> extends false
    ? any
    : [AxisKey<S, A>] extends [never]
      ? Mismatch<`axis ${A} out of range for shape [${Show<S>}]`>
      : string extends AxisKey<S, A>
        ? any
        : { -readonly [K in keyof S]: K extends AxisKey<S, A> ? D : S[K] };

type WithoutOnes<S extends Shape> = S extends readonly [infer D extends number, ...infer R extends Shape]
  ? D extends 1
    ? WithoutOnes<R>
    : [D, ...WithoutOnes<R>]
  : [];

/** The shape without axis A if its size is 1, or without all such axes (undefined). */
export type Squeeze<S extends Shape, A> =
  Ranked<S> extends false
    ? any
    : A extends number
      ? [AxisKey<S, A>] extends [never]
        ? Reduce<S, A>
        : AxisKey<S, A> extends infer K extends keyof S
          ? number extends S[K]
            ? any
            : S[K] extends 1
              ? Reduce<S, A>
              : S
          : any
      : number extends S[number]
        ? any
        : WithoutOnes<S>;

/** A literal number of elements: unknown where it is no whole number ≥ 0. */
export type Count<N extends number> = `${N}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
  ? number
  : N;
