import { kernel, run } from '../../backend/index.js';
import { checkOneOf } from '../../core/check.js';
import { type DType, type Floating, isComplex, type Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { sameShape, show, sizeOf } from '../../core/shape.js';
import type { Checked, Mismatch, Ranked, Same, Shape, Show } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { checkTensor, type Optional, type Tensor } from '../../tensor/tensor.js';
import { type FusedFlops, named } from '../elementwise/elementwise.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { mean } from '../reduction/mean.js';
import { sum } from '../reduction/sum.js';
import { contiguous } from '../shape/contiguous.js';

/* The common parts of losses. */

/** What becomes of the losses of the elements: their mean, their sum, or nothing. */
export type LossReduction = 'mean' | 'sum' | 'none';

export interface LossOptions<R extends LossReduction = LossReduction> {
  /** 'mean', 'sum' or 'none'; default 'mean'. */
  reduction?: R;
}

/** The shape of a loss whose elements have shape S. */
export type Reduced<S extends Shape, R extends LossReduction> = R extends 'none' ? S : [];

/** The one shape of input and target; a Mismatch where they differ. */
export type OneShape<S extends Shape, T extends Shape> =
  Ranked<S> extends false
    ? any
    : Ranked<T> extends false
      ? any
      : SameAxes<S, T> extends true
        ? S
        : Mismatch<`input [${Show<S>}] and target [${Show<T>}] must have one shape`>;
type SameAxes<S extends Shape, T extends Shape> = S extends readonly [infer A extends number, ...infer P extends Shape]
  ? T extends readonly [infer B extends number, ...infer Q extends Shape]
    ? [Same<A, B>] extends [never]
      ? false
      : SameAxes<P, Q>
    : false
  : T extends readonly []
    ? true
    : false;

/** A loss between tensors of one shape. Options may bring factors of a later dtype, so with them the result's is open. */
export type ElementLoss<Options = unknown> = <
  S extends Shape,
  D extends DType,
  T extends Shape,
  E extends DType,
  const R extends LossReduction = 'mean',
>(
  input: Tensor<S, D>,
  target: Tensor<T, E> & Checked<OneShape<S, T>>,
  options?: LossOptions<R> & Options,
) => Tensor<Reduced<S, R>, unknown extends Options ? Floating<Promoted<D, E>> : any>;

export interface ElementLossDetails<Options> {
  /** Throws where an option, or a value of the operands, is out of its range. */
  check?: (op: string, options: Options, input: Tensor, target: Tensor) => void;
  /** Options that are tensors: they are brought to the common dtype, and may be left out. */
  factors?: readonly (keyof Options & string)[];
}

/** A loss between tensors of one shape, from the losses of their elements in one floating-point dtype. */
export const elementLoss = <Options = unknown>(
  op: string,
  loss: (input: Tensor, target: Tensor, options: Options) => Tensor,
  details?: ElementLossDetails<Options>,
): ElementLoss<Options> =>
  reducedLoss(op, (input, target, options) => reduceLoss(loss(input, target, options), options), details);

/** The same of a function that reduces the losses too. */
export function reducedLoss<Options = unknown>(
  op: string,
  loss: (input: Tensor, target: Tensor, options: LossOptions & Options) => Tensor,
  { check, factors = [] }: ElementLossDetails<Options> = {},
): ElementLoss<Options> {
  const f = (input: Tensor, target: Tensor, options = {} as LossOptions & Options): Tensor => {
    checkOneShape(op, { input, target });
    checkReduction(op, options.reduction);
    check?.(op, options, input, target);
    const given = factors.map((name) => options[name] as Optional);
    return inFloat([input, target, ...given], (input: Tensor, target: Tensor, ...given) => {
      const converted = Object.fromEntries(factors.map((name, i) => [name, given[i]]));
      return loss(input, target, factors.length > 0 ? { ...options, ...converted } : options);
    });
  };
  return named(op, f) as ElementLoss<Options>;
}

export interface FusedLossOptions extends LossOptions {
  /** Factor of the losses; default 1. */
  scale?: number;
  /** The loss's own number, where it has one. */
  edge?: number;
  /** Losses and their sum or mean are computed in float64, whatever the operands are; default false. */
  wide?: boolean;
}

export type FusedLoss = (x: Tensor, t: Tensor, options: FusedLossOptions) => Tensor;

/**
 * Losses between elements, reduced in the same pass by the kernel `name` of [y, x, t], y float64 if it is wide, and their
 * gradient by `…Gradient` of [dx, dy, x, t]; the numbers of both are a factor and the loss's own number.
 *
 * @param flops        floating-point operations for an element of x, and of dx
 * @param formula      the elements' losses of ops: where the engine has no kernel, and for derivatives of the gradient
 * @param targetSlope  their derivative by the target, of ops; default: the input's with the other sign
 */
export function fusedLoss(
  name: string,
  { flops, gradient }: FusedFlops,
  formula: (x: Tensor, t: Tensor, edge: number) => Tensor,
  targetSlope?: (x: Tensor, t: Tensor) => Tensor,
): FusedLoss {
  kernel(name, { flops: ([, x]) => flops * sizeOf(x.shape) });
  kernel(`${name}Gradient`, { flops: gradient });
  const composed = (x: Tensor, t: Tensor, options: FusedLossOptions): Tensor => {
    const { scale = 1, edge = 0, reduction = 'mean', wide = false } = options;
    const losses = wide ? formula(x.to('float64'), t.to('float64'), edge) : formula(x, t, edge);
    return reduceLoss(scale === 1 ? losses : mul(losses, scale), { reduction });
  };
  const compute = fused(name, composed, (x: Tensor, t: Tensor, options: FusedLossOptions) => {
    const { scale = 1, edge = 0, reduction = 'mean', wide = false } = options;
    const factor = reduction === 'mean' ? scale / x.size : scale;
    const y: Tensor = empty(reduction === 'none' ? x.shape : [], wide ? 'float64' : x.dtype);
    run(name, [y, contiguous(x), contiguous(t)], [factor, edge]);
    const backward = (dy: Tensor) => {
      const slope = (factor: number): Tensor => {
        const dx = empty(x.shape, x.dtype);
        run(`${name}Gradient`, [dx, contiguous(dy.to(x.dtype)), contiguous(x), contiguous(t)], [factor, edge]);
        return dx;
      };
      const byTarget = (): Tensor => (targetSlope ? mul(mul(dy, factor), targetSlope(x, t)) : slope(-factor));
      return [() => slope(factor), byTarget];
    };
    return { result: y, saved: [x, t], backward };
  });
  return (x, t, options) => {
    const none = x.size === 0 || (options.wide === true && options.reduction === 'none');
    return (none || isComplex(x.dtype) ? composed : compute)(x, t, options);
  };
}

export const checkReduction = (op: string, reduction: LossReduction = 'mean'): void =>
  checkOneOf(op, 'reduction', reduction, ['mean', 'sum', 'none']);

/** Losses, reduced as the caller asked. */
export function reduceLoss(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  return reduction === 'none' ? losses : reduction === 'sum' ? sum(losses) : mean(losses);
}

/** A loss compares tensors of one shape: broadcasting here is a mistake nobody sees. */
export function checkOneShape(op: string, operands: Readonly<Record<string, Tensor>>): void {
  const tensors = Object.values(operands);
  for (const x of tensors) checkTensor(op, x);
  if (tensors.every(({ shape }) => sameShape(shape, tensors[0].shape))) return;
  const names = listed(Object.keys(operands));
  const shapes = listed(tensors.map(({ shape }) => show(shape)));
  throw new ShapeError(`${op}: ${names} must have one shape; got ${shapes}; reshape one of them`);
}

const listed = (parts: readonly string[]): string => `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
