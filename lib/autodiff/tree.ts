import { Tensor } from '../tensor/tensor.js';

/** A tensor, or arrays and plain objects of tensors, nested in any way. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree };

/** The tensors of a tree, in the order of its keys. */
export function leaves(tree: Tree): Tensor[] {
  if (tree instanceof Tensor) return [tree];
  return Object.values(tree).flatMap(leaves);
}

/** A tree of the same form with other leaves, given in the order of `leaves`. */
export function rebuild<T extends Tree>(tree: T, replacements: readonly Tensor[]): T {
  let next = 0;
  const visit = (part: Tree): Tree => {
    if (part instanceof Tensor) return replacements[next++];
    if (Array.isArray(part)) return part.map(visit);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, visit(value)]));
  };
  return visit(tree) as T;
}
