import { run } from '../../backend/index.js';
import { broadcastShapes } from '../../core/shape.js';
import type { Broadcast, Checked, Result, Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkBool } from '../check.js';
import { type Binary, type Comparison, named } from './elementwise.js';
import { eq } from './eq.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';
import { ne } from './ne.js';

/** A function of two truth values, elementwise with broadcasting. */
export type Logical = <A extends Shape, B extends Shape>(
  a: Tensor<A, 'bool'>,
  b: Tensor<B, 'bool'> & Checked<Broadcast<A, B>>,
) => Tensor<Result<Broadcast<A, B>>, 'bool'>;

/** Truth values are 0 and 1: and is the minimum, or the maximum, exclusive or the difference. */
/** @param f  a function of the same values in numbers, by whose kernel it is computed */
const logical = (op: string, f: Binary | Comparison): Logical =>
  named(op, (a: Tensor, b: Tensor) => {
    checkBool(op, 'operands', a);
    checkBool(op, 'operands', b);
    const y: Tensor = empty(broadcastShapes(op, a.shape, b.shape), 'bool');
    run(f.name, [y, a, b]);
    return y;
  }) as Logical;

/**
 * Whether both are true, elementwise with broadcasting.
 *
 * @param a  [...] bool
 * @param b  [...] bool
 * @returns  bool, of the broadcast shape
 * @throws DTypeError "logicalAnd: operands must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export const logicalAnd: Logical = logical('logicalAnd', minimum);

/**
 * Whether at least one is true, elementwise with broadcasting.
 *
 * @param a  [...] bool
 * @param b  [...] bool
 * @returns  bool, of the broadcast shape
 * @throws DTypeError "logicalOr: operands must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export const logicalOr: Logical = logical('logicalOr', maximum);

/**
 * Whether exactly one is true, elementwise with broadcasting.
 *
 * @param a  [...] bool
 * @param b  [...] bool
 * @returns  bool, of the broadcast shape
 * @throws DTypeError "logicalXor: operands must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export const logicalXor: Logical = logical('logicalXor', ne);

/**
 * Whether x is false, elementwise.
 *
 * @param x  [...] bool
 * @returns  bool, of x's shape
 * @throws DTypeError "logicalNot: operands must be bool; got float32; compare it, e.g. x.ne(0)"
 */
export function logicalNot<S extends Shape>(x: Tensor<S, 'bool'>): Tensor<S, 'bool'> {
  checkBool('logicalNot', 'operands', x);
  return eq(x, 0);
}
