import { ShapeError, ValueError } from '../core/errors.js';
import { sameShape, show } from '../core/shape.js';
import { to } from '../ops/shape/to.js';
import { Tensor } from '../tensor/tensor.js';

/**
 * A tensor, or arrays and plain objects of tensors, nested in any way. Values of objects have the type any because an
 * interface fits no stricter one; they are checked when it runs.
 */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: any };

/**
 * The tensors of a tree with their paths, in the order of its keys.
 *
 * @param what  names the tree in the error: "grad: the first argument must be a tensor, or arrays and plain objects of
 *              tensors; got a number at layers.0.rate; close over what is not differentiated"
 */
function entries(
  op: string,
  what: string,
  tree: Tree,
  fix = 'close over what is not differentiated',
): [path: string, leaf: Tensor][] {
  const found: [string, Tensor][] = [];
  const visit = (part: unknown, path: string): void => {
    if (part instanceof Tensor) {
      found.push([path, part]);
    } else if (isBranch(part)) {
      for (const key of Object.keys(part)) visit(part[key], path === '' ? key : `${path}.${key}`);
    } else {
      throw new ValueError(
        `${op}: ${what} must be a tensor, or arrays and plain objects of tensors; got ${kindOf(part)}${at(path)}; ${fix}`,
      );
    }
  };
  visit(tree, '');
  return found;
}

const at = (path: string): string => (path === '' ? '' : ` at ${path}`);

/** Instances of classes are no branches: a copy of their fields would not be one of them. */
function isBranch(part: unknown): part is Record<string, unknown> {
  if (typeof part !== 'object' || part === null) return false;
  const prototype: unknown = Object.getPrototypeOf(part);
  return Array.isArray(part) || prototype === Object.prototype || prototype === null;
}

/** What something is, for an error. */
export function kindOf(part: unknown): string {
  if (part === null || part === undefined) return String(part);
  if (typeof part !== 'object') return `a ${typeof part}`;
  if (part instanceof Promise) return 'a promise';
  if (Array.isArray(part)) return 'an array';
  return isBranch(part) ? 'an object' : `an instance of ${part.constructor.name}`;
}

/** The tensors of a tree, in the order of its keys; an error if there is anything else in it. */
export const checkedLeaves = (op: string, what: string, tree: Tree, fix?: string): Tensor[] =>
  entries(op, what, tree, fix).map(([, x]) => x);

/** The tensors of a tree, in the order of its keys. */
export function leaves(tree: Tree): Tensor[] {
  if (tree instanceof Tensor) return [tree];
  return Object.values(tree).flatMap(leaves);
}

/** A tree of the same form with other leaves, given in the order of `leaves`; the caller says which type it then has. */
export function rebuild<R>(tree: Tree, replacements: readonly Tree[]): R {
  let next = 0;
  const visit = (part: Tree): Tree => {
    if (part instanceof Tensor) return replacements[next++];
    if (Array.isArray(part)) return part.map(visit);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, visit(value)]));
  };
  return visit(tree) as R;
}

/**
 * The leaves of a tree that has the form and the shapes of another one, in the other's order and in its dtypes.
 *
 * @throws ValueError "jvp: the tangents must have the form of the primals; there is none at 1.bias"
 * @throws ShapeError "jvp: the tangents must have the shapes of the primals, [2, 3] at 0; got [3, 2]"
 */
export function matching(op: string, what: string, tree: Tree, model: string, like: Tree): Tensor[] {
  const given = new Map(entries(op, what, tree));
  const expected = entries(op, model, like);
  const found = expected.map(([path, { shape, dtype }]) => {
    const x = given.get(path);
    given.delete(path);
    if (x === undefined)
      throw new ValueError(`${op}: ${what} must have the form of ${model}; there is none${at(path)}`);
    if (sameShape(x.shape, shape)) return to(x, dtype);
    throw new ShapeError(
      `${op}: ${what} must have the shapes of ${model}, ${show(shape)}${at(path)}; got ${show(x.shape)}`,
    );
  });
  for (const path of given.keys()) {
    throw new ValueError(`${op}: ${what} must have the form of ${model}; there is one more${at(path)}`);
  }
  return found;
}
