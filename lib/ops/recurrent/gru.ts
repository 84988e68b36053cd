import { kernel, run, type View } from '../../backend/index.js';
import { checkOneOf } from '../../core/check.js';
import type { DType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { sigmoid } from '../activation/sigmoid.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { neg } from '../elementwise/neg.js';
import { sub } from '../elementwise/sub.js';
import { tanh } from '../elementwise/tanh.js';
import { linear } from '../linalg/linear.js';
import { inBfloat16, inFloat } from '../precision.js';
import { concat } from '../shape/concat.js';
import { contiguous } from '../shape/contiguous.js';
import { slice } from '../shape/slice.js';
import { split } from '../shape/split.js';
import {
  biasGradient,
  checkRecurrent,
  inputGradient,
  inputProducts,
  inputWeightGradient,
  lastOf,
  type Operands,
  type RecurrentDType,
  type RecurrentOptions,
  roomForSteps,
  rowMajor,
  type State,
  stateProducts,
  stateWeightGradient,
  unroll,
} from './recurrent.js';

export interface GruOptions extends RecurrentOptions {
  /** The state before the first step, [batch, hidden]; default 0. */
  h0?: Optional;
  /** What z weighs: the state before, as in PyTorch and Cho's paper, or 'candidate', v; default 'state'. */
  zWeights?: 'state' | 'candidate' | undefined;
  /** Whether r scales weightHh · hₜ₋₁ + biasHh, as in PyTorch and cuDNN, or hₜ₋₁ before the product; default true. */
  resetAfter?: boolean | undefined;
}

/**
 * One direction of a layer of gated recurrent units over a sequence. With the three parts of a = weightIh · xₜ + biasIh and
 * b = weightHh · hₜ₋₁ + biasHh, one below the other,
 *
 *   r = σ(a₁ + b₁),  z = σ(a₂ + b₂),  v = tanh(a₃ + r · b₃)
 *   hₜ = (1 − z) · v + z · hₜ₋₁,  or with zWeights 'candidate'  hₜ = z · v + (1 − z) · hₜ₋₁
 *
 * Without resetAfter r scales the state before the product with its weight: v = tanh(a₃ + weightHh₃ · (r · hₜ₋₁) + biasHh₃).
 *
 * @param x         [steps, batch, in], at least one step
 * @param weightIh  [3 · hidden, in]
 * @param weightHh  [3 · hidden, hidden]
 * @returns         all steps' h [steps, batch, hidden], and the last one computed [batch, hidden]
 * @throws ShapeError "gru: biasHh must be [15], the first axis of weightHh [15, 5]; got [5]"
 * @source Cho and others 2014, arXiv:1406.1078, section 2.3; r after the product: Appleyard and others 2016, arXiv:1604.01946
 */
export function gru<
  S extends number,
  B extends number,
  I extends number,
  H extends number,
  D extends DType,
  E extends DType,
>(
  x: Tensor<[S, B, I], D>,
  weightIh: Tensor<[number, NoInfer<I>], E>,
  weightHh: Tensor<[number, H]>,
  options: GruOptions = {},
): [output: Tensor<[S, B, H], RecurrentDType<D, E>>, h: State<B, H, RecurrentDType<D, E>>] {
  const { biasIh, biasHh, h0, reverse = false, zWeights = 'state', resetAfter: after = true } = options;
  checkRecurrent('gru', 3, x, weightIh, weightHh, options, { h0 });
  checkOneOf('gru', 'zWeights', zWeights, ['state', 'candidate']);
  const output: Tensor = inFloat([x, weightIh, weightHh, biasIh, biasHh, h0], (...given) => {
    const operands: Operands = [...given, reverse];
    const used = zWeights === 'candidate' ? weighingCandidate(operands) : operands;
    return after ? recurrence(...used) : unrolled(used, resetBefore);
  });
  return [output, slice(output, lastOf(x.shape[0], reverse))];
}

// Without a state before the first step there is no gradient of it, and one product less.
const products = (v: readonly View[]): number => inputProducts(v[4], v[5]) + stateProducts(v[1], v[6], v.length > 8);

kernel('gru', {
  writes: 3,
  products,
  flops: (v) => 2 * products(v) + 17 * sizeOf(v[2].shape),
});
kernel('gruGradient', {
  writes: ({ length }) => (length > 7 ? 3 : 2),
  flops: (v) => 2 * stateProducts(v[0], v[v.length > 7 ? 7 : 6], v.length > 7) + 6 * sizeOf(v[0].shape),
});

/** Operands whose z is 1 − z: σ(−a) = 1 − σ(a). */
function weighingCandidate([x, weightIh, weightHh, biasIh, biasHh, ...rest]: Operands): Operands {
  const negated = (weight: Tensor): Tensor => {
    const [r, z, v]: Tensor[] = split(weight, weight.shape[0] / 3);
    return concat([r, neg(z), v]);
  };
  return [x, negated(weightIh), negated(weightHh), biasIh && negated(biasIh), biasHh && negated(biasHh), ...rest];
}

/** The parts of the states' sums: those of r and z, and of the candidate once r is known. */
type StateSums = (h: Tensor, weightHh: Tensor, biasHh: Tensor | undefined) => [Tensor, Tensor, (r: Tensor) => Tensor];

const resetAfter: StateSums = (h, weightHh, biasHh) => {
  const [r, z, v]: Tensor[] = split(linear(h, weightHh, biasHh), weightHh.shape[1], 1);
  return [r, z, (reset) => mul(reset, v)];
};

const resetBefore: StateSums = (h, weightHh, biasHh) => {
  const hidden: number = weightHh.shape[1];
  const parts = (weight: Tensor): Tensor[] => split(weight, [2 * hidden, hidden]);
  const [weights, biases] = [parts(weightHh), biasHh ? parts(biasHh) : []];
  const [r, z]: Tensor[] = split(linear(h, weights[0], biases[0]), hidden, 1);
  return [r, z, (reset) => linear(mul(reset, h), weights[1], biases[1])];
};

/** The formula. */
function unrolled([x, weightIh, weightHh, biasIh, biasHh, h0, reverse]: Operands, stateSums: StateSums): Tensor {
  const hidden: number = weightHh.shape[1];
  let h: Tensor = h0 ?? fill([x.shape[1], hidden], 0, x.dtype);
  return unroll(linear(x, weightIh, biasIh), reverse, (sum) => {
    const a: Tensor[] = split(sum, hidden, 1);
    const b = stateSums(h, weightHh, biasHh);
    const r = sigmoid(add(a[0], b[0]));
    const z = sigmoid(add(a[1], b[1]));
    const v = tanh(add(a[2], b[2](r)));
    h = add(mul(sub(1, z), v), mul(z, h));
    return h;
  });
}

const recurrence = fused(
  'gru',
  (...operands: Operands) => unrolled(operands, resetAfter),
  (x, weightIh, weightHh, biasIh, biasHh, h0, reverse) => {
    const { dtype } = x;
    const [steps, batch] = x.shape;
    const hidden: number = weightHh.shape[1];
    const numbers = [Number(reverse), Number(inBfloat16(dtype))];
    const [bias, stateBias] = [biasIh, biasHh].map((bias) => bias ?? fill([3 * hidden], 0, dtype));
    const operands = rowMajor(stateBias, x, weightIh, weightHh, bias);
    const weight = operands[3];
    const state = h0 ? rowMajor(h0) : [];
    const y = empty([steps, batch, hidden], dtype);
    const given = [x, weightIh, weightHh, biasIh, biasHh, h0];
    const gates = roomForSteps(given, steps, batch, 3 * hidden);
    // b₃, which the gradient of r needs.
    const inner = roomForSteps(given, steps, batch, hidden);
    run('gru', [y, gates, inner, ...operands, ...state], numbers);
    return {
      result: y,
      saved: [x, weightIh, weightHh, h0, y],
      own: [gates, inner],
      // dv = dh · (1 − z), dz = dh · (hₜ₋₁ − v), dr = dv · b₃, each times its function's slope: da = (dr, dz, dv), db = (dr, dz, dv · r);
      // and on to the step before: dh · z + weightHhᵀ · db
      backward: (dy) => {
        const da = empty(gates.shape, dtype);
        const db = empty(gates.shape, dtype);
        const dstate = state.map(({ shape }) => empty(shape, dtype));
        run('gruGradient', [da, db, ...dstate, contiguous(dy), gates, inner, y, weight, ...state], numbers);
        return [
          inputGradient(da, x, weightIh),
          inputWeightGradient(da, x),
          stateWeightGradient(db, y.detach(), h0, reverse),
          () => biasGradient(da),
          () => biasGradient(db),
          ...dstate,
        ];
      },
    };
  },
);
