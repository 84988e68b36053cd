import type { Call, View } from './backend.js';

/** What others than an op must know of a kernel that it calls; it stands beside the op, once. */
export interface KernelFacts {
  /** How many of its views, the leading ones, it writes; default 1. */
  writes?: number | ((views: readonly unknown[], numbers: readonly number[]) => number);
  /** Whether it reads what it writes: the old value is part of the new one; default false. */
  updates?: boolean;
  /**
   * Its floating-point operations: so many for each element of its first view, or those of a call. What counts as one, and
   * what is counted for all kernels alike: backend/costs.ts.
   */
  flops: number | ((views: readonly View[], numbers: readonly number[]) => number);
  /** Products of which its sums consist by definition, whatever it does. One with a weight is a connection of two neurons. */
  products?: (views: readonly View[]) => number;
  /** The function on numbers that it applies to each element of its operand, for an engine without a kernel of that name. */
  of?: (x: number) => number;
  /** A view of which it reads or changes only as many elements as another view has: [that view, the other]. */
  sparse?: readonly [view: number, like: number];
  /**
   * Its numbers by name, in their order, where others read or set them:
   * `epilogue`  1 + the code of an elementwise function that it applies to its result; 0 for none
   * `rounds`    whether it rounds what it multiplies to bfloat16
   * `residual`  whether its last view is added to its result
   * `panels`    whether its second operand lies in panels of its columns
   */
  numbers?: readonly string[];
}

const known = new Map<string, KernelFacts>();

/** Says what a kernel does, in the file of the op that calls it. */
export function kernel(name: string, facts: KernelFacts): void {
  if (known.has(name)) throw new Error(`kernel: '${name}' has two descriptions; each kernel belongs to one op`);
  known.set(name, facts);
}

/** What is known of a kernel. */
export function factsOf(name: string): KernelFacts {
  const facts = known.get(name);
  if (facts === undefined) {
    throw new Error(`kernel: nobody says what '${name}' writes and costs; add kernel('${name}', …) beside its op`);
  }
  return facts;
}

type Made = Pick<Call, 'kernel' | 'numbers'> & { readonly views: readonly unknown[] };

/** How many of its views, the leading ones, a call writes. */
export function resultCount({ kernel, views, numbers }: Made): number {
  const { writes = 1 } = factsOf(kernel);
  return typeof writes === 'number' ? writes : writes(views, numbers);
}

/** Whether a kernel reads what it writes. */
export const readsResults = (kernel: string): boolean => factsOf(kernel).updates === true;

/** One of a call's numbers: 0 where it is left out, undefined where the kernel has none of that name. */
export function numberOf({ kernel, numbers }: Made, name: string): number | undefined {
  const at = factsOf(kernel).numbers?.indexOf(name) ?? -1;
  return at < 0 ? undefined : (numbers[at] ?? 0);
}

/** A call's numbers with another value for one that its kernel has; 0 for those before it that were left out. */
export function withNumber({ kernel, numbers }: Made, name: string, value: number): number[] {
  const at = factsOf(kernel).numbers?.indexOf(name) as number;
  return Array.from({ length: Math.max(numbers.length, at + 1) }, (_, i) => (i === at ? value : (numbers[i] ?? 0)));
}
