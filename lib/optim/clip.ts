import { checkRange, run } from '../backend/index.js';
import { checkNonNegative } from '../core/check.js';
import { StateError, ValueError } from '../core/errors.js';
import { clamp } from '../ops/elementwise/clamp.js';
import { div } from '../ops/elementwise/div.js';
import { mul } from '../ops/elementwise/mul.js';
import { norm } from '../ops/reduction/norm.js';
import { scalar, zeros } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { ownsGradient, readGradient, setGradient, type Tensor, touch } from '../tensor/tensor.js';
import { tensorsOf } from './optimizer.js';

/** Keeps the quotient finite for gradients of norm 0; PyTorch's value. */
const tiny = 1e-6;

/**
 * Scales the gradients of all parameters together so that their norm is at most `maxNorm`; returns the norm before.
 *
 *   g = g · min(1, maxNorm / (‖g‖ₚ + 10⁻⁶))
 *
 * @param p                 2, or Infinity for the largest absolute value; default 2
 * @param errorIfNonFinite  throw if the norm is NaN or infinite; default false: the gradients become NaN or 0
 * @source Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, section 3.2
 */
export function clipGradNorm(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  { p = 2, errorIfNonFinite = false }: { p?: 2 | typeof Infinity; errorIfNonFinite?: boolean } = {},
): Tensor<[]> {
  checkNonNegative('clipGradNorm', 'maxNorm', maxNorm);
  if (p !== 2 && p !== Infinity) throw new ValueError(`clipGradNorm: p must be 2 or Infinity; got ${String(p)}`);
  return noGrad(() => {
    const clipped = withGradient('clipGradNorm', parameters);
    const parts: Tensor[] = clipped
      .filter(([{ size }]) => size > 0)
      .map(([, gradient]) => norm(gradient, undefined, { p }));
    const together = (a: Tensor, b: Tensor): Tensor => (p === 2 ? a.add(b) : a.maximum(b));
    const joined =
      parts.length === 0 ? zeros([]) : parts.map((part) => (p === 2 ? part.square() : part)).reduce(together);
    const total: Tensor = p === 2 ? joined.sqrt() : joined;
    if (errorIfNonFinite) {
      checkRange(
        total,
        { low: 0, high: Number.MAX_VALUE },
        (norm) =>
          new StateError(
            `clipGradNorm: the gradients' norm must be finite; got ${norm}; look for NaN in the loss, or lower the learning rate`,
          ),
      );
    }
    const factor = div(maxNorm, total.add(tiny)).minimum(1);
    for (const [parameter, gradient] of clipped) {
      change(parameter, gradient, 'mul', [factor.to(parameter.dtype)], mul);
    }
    return total;
  });
}

/**
 * Limits every element of the gradients to −value … value.
 *
 * @param value  ≥ 0
 */
export function clipGradValue(parameters: Tensor | Iterable<Tensor>, value: number): void {
  checkNonNegative('clipGradValue', 'value', value);
  noGrad(() => {
    for (const [parameter, gradient] of withGradient('clipGradValue', parameters)) {
      const bounds = [-value, value].map((bound) => scalar('clipGradValue', bound, gradient.dtype));
      change(parameter, gradient, 'clamp', bounds, (gradient) => clamp(gradient, { min: -value, max: value }));
    }
  });
}

/**
 * A function of a gradient in its place: written over it by a kernel of [y, gradient, ...operands], where its memory is the
 * parameter's alone, else beside it.
 */
function change(
  parameter: Tensor,
  gradient: Tensor,
  kernel: 'clamp' | 'mul',
  operands: readonly Tensor[],
  beside: (gradient: Tensor, ...operands: Tensor[]) => Tensor,
): void {
  const hasKernel = gradient.dtype === 'float32' || gradient.dtype === 'float64';
  if (hasKernel && gradient.isContiguous && ownsGradient(parameter)) {
    run(kernel, [gradient, gradient, ...operands]);
    touch(kernel, gradient);
  } else {
    setGradient(parameter, beside(gradient, ...operands), true);
  }
}

/** Parameters that have a gradient, with it. What takes its place has memory that is the parameter's alone. */
function withGradient(op: string, parameters: Tensor | Iterable<Tensor>): [Tensor, Tensor][] {
  return tensorsOf(op, parameters).flatMap((parameter) => {
    const gradient = readGradient(parameter);
    return gradient === null ? [] : [[parameter, gradient] as [Tensor, Tensor]];
  });
}
