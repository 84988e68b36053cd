import { kernel, run, type View } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { ValueError } from '../../core/errors.js';
import { sizeOf } from '../../core/shape.js';
import { empty, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { relu } from '../activation/relu.js';
import { add } from '../elementwise/add.js';
import { tanh } from '../elementwise/tanh.js';
import { linear } from '../linalg/linear.js';
import { matmul } from '../linalg/matmul.js';
import { inBfloat16, inFloat } from '../precision.js';
import { contiguous } from '../shape/contiguous.js';
import { transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';
import {
  biasGradient,
  checkRecurrent,
  inputGradient,
  inputProducts,
  lastOf,
  type Operands,
  type RecurrentDType,
  type RecurrentOptions,
  rowMajor,
  type State,
  stateProducts,
  totalBias,
  unroll,
  weightGradients,
} from './recurrent.js';

export interface RnnOptions extends RecurrentOptions {
  /** The state before the first step, [batch, hidden]; default 0. */
  h0?: Optional;
  /** What each step applies to its sum: a name, or a function of tensors; default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu' | ((sum: Tensor) => Tensor) | undefined;
}

/**
 * One direction of a plain recurrent layer over a sequence:
 *
 *   hₜ = f(weightIh · xₜ + biasIh + weightHh · hₜ₋₁ + biasHh),  f = tanh, relu or another
 *
 * @param x         [steps, batch, in], at least one step
 * @param weightIh  [hidden, in]
 * @param weightHh  [hidden, hidden]
 * @returns         all steps' h [steps, batch, hidden], and the last one computed [batch, hidden]
 * @throws ShapeError "rnn: h0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [5, 5]; got [1, 3, 5]"
 * @source Elman 1990, "Finding structure in time", Cognitive Science 14
 */
export function rnn<
  S extends number,
  B extends number,
  I extends number,
  H extends number,
  D extends DType,
  E extends DType,
>(
  x: Tensor<[S, B, I], D>,
  weightIh: Tensor<[H, NoInfer<I>], E>,
  weightHh: Tensor<[NoInfer<H>, NoInfer<H>]>,
  options: RnnOptions = {},
): [output: Tensor<[S, B, H], RecurrentDType<D, E>>, h: State<B, H, RecurrentDType<D, E>>] {
  const { biasIh, biasHh, h0, nonlinearity = 'tanh', reverse = false } = options;
  checkRecurrent('rnn', 1, x, weightIh, weightHh, options, { h0 });
  if (typeof nonlinearity !== 'function' && nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
    throw new ValueError(`rnn: nonlinearity must be 'tanh', 'relu' or a function; got '${nonlinearity}'`);
  }
  const output: Tensor = inFloat([x, weightIh, weightHh, biasIh, biasHh, h0], (...operands) =>
    typeof nonlinearity === 'function'
      ? composed(...operands, reverse, nonlinearity)
      : recurrence(...operands, reverse, nonlinearity),
  );
  return [output, slice(output, lastOf(x.shape[0], reverse))];
}

// Without a state before the first step there is no gradient of it, and one product less.
const products = (v: readonly View[]): number => inputProducts(v[1], v[2]) + stateProducts(v[0], v[3], v.length > 5);

kernel('rnn', {
  products,
  flops: (v) => 2 * products(v) + 3 * sizeOf(v[0].shape),
});
kernel('rnnGradient', {
  writes: ({ length }) => (length > 4 ? 2 : 1),
  flops: (v) => 2 * stateProducts(v[0], v[v.length - 1], v.length > 4) + 4 * sizeOf(v[0].shape),
});

/** All steps by ops. */
function composed(...[x, weightIh, weightHh, biasIh, biasHh, h0, reverse, f]: [...Operands, (sum: Tensor) => Tensor]) {
  let h = h0;
  return unroll(linear(x, weightIh, totalBias(biasIh, biasHh)), reverse, (sum) => {
    h = f(h ? add(sum, matmul(h, transpose(weightHh))) : sum);
    return h;
  });
}

const recurrence = fused(
  'rnn',
  (...[x, weightIh, weightHh, biasIh, biasHh, h0, reverse, nonlinearity]: [...Operands, 'tanh' | 'relu']) =>
    composed(x, weightIh, weightHh, biasIh, biasHh, h0, reverse, nonlinearity === 'relu' ? relu : tanh),
  (x, weightIh, weightHh, biasIh, biasHh, h0, reverse, nonlinearity) => {
    const numbers = [Number(reverse), Number(nonlinearity === 'relu'), Number(inBfloat16(x.dtype))];
    const bias = totalBias(biasIh, biasHh)?.detach() ?? fill([weightHh.shape[0]], 0, x.dtype);
    const operands = rowMajor(x, weightIh, weightHh, bias);
    const [, , weight] = operands;
    const y = empty([x.shape[0], x.shape[1], weightHh.shape[0]], x.dtype);
    run('rnn', [y, ...operands, ...(h0 ? rowMajor(h0) : [])], numbers);
    return {
      result: y,
      saved: [x, weightIh, weightHh, h0, y],
      // dsum = f′ · dh, and on to the step before: dh += dsum · weightHh
      backward: (dy) => {
        const dsums = empty(y.shape, y.dtype);
        const dstate = h0 ? [empty(h0.shape, y.dtype)] : [];
        run('rnnGradient', [dsums, ...dstate, contiguous(dy), y, weight], numbers);
        const dbias = biasIh || biasHh ? biasGradient(dsums) : null;
        const [dweightIh, dweightHh] = weightGradients(dsums, x, y, h0, reverse);
        return [inputGradient(dsums, x, weightIh), dweightIh, dweightHh, dbias, dbias, ...dstate];
      },
    };
  },
);
