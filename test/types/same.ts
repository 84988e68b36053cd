import type { Tensor } from 'adjoint';

/* The means by which type tests state what a type is. */

/** Compiles only if both types are the same. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const same = <A, B>(_: Equal<A, B>): void => {};
export type ShapeOf<T> = T extends Tensor<infer S, any> ? S : never;
export type DTypeOf<T> = T extends Tensor<any, infer D> ? D : never;
