import { kernel, run, type View } from '../../backend/index.js';
import type { DType } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import { empty, fill } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { sigmoid } from '../activation/sigmoid.js';
import { add } from '../elementwise/add.js';
import { mul } from '../elementwise/mul.js';
import { tanh } from '../elementwise/tanh.js';
import { linear } from '../linalg/linear.js';
import { matmul } from '../linalg/matmul.js';
import { inBfloat16, inFloat } from '../precision.js';
import { concat } from '../shape/concat.js';
import { contiguous } from '../shape/contiguous.js';
import { transpose } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { slice } from '../shape/slice.js';
import { split } from '../shape/split.js';
import { unsqueeze } from '../shape/unsqueeze.js';
import {
  biasGradient,
  checkRecurrent,
  checkStates,
  inputGradient,
  inputProducts,
  lastOf,
  type Operands,
  type RecurrentDType,
  type RecurrentOptions,
  roomForSteps,
  rowMajor,
  type State,
  stateProducts,
  totalBias,
  unroll,
  weightGradients,
} from './recurrent.js';

export interface LstmOptions<H extends number = any, C extends number = any> extends RecurrentOptions {
  /** Output and cell before the first step, [batch, hidden] each, the output [batch, proj] with weightHr; default 0. */
  state?: readonly [h0: Tensor, c0: Tensor] | undefined;
  /** Makes an output of each cell's, [proj, hidden]; default none. weightHh is then [4 · hidden, proj]. */
  weightHr?: Tensor<[NoInfer<H>, C]> | null | undefined;
}

/**
 * One direction of a layer of long short-term memory over a sequence. With the sums of the gates i, f, g, o one below the other,
 *
 *   weightIh · xₜ + biasIh + weightHh · hₜ₋₁ + biasHh,
 *   cₜ = σ(f) · cₜ₋₁ + σ(i) · tanh(g)
 *   hₜ = σ(o) · tanh(cₜ), or weightHr · (σ(o) · tanh(cₜ))
 *
 * @param x         [steps, batch, in], at least one step
 * @param weightIh  [4 · hidden, in]
 * @param weightHh  [4 · hidden, hidden]
 * @returns         all steps' h [steps, batch, hidden], and the last h and c computed [batch, hidden]; each h [..., proj] with
 *                  weightHr
 * @throws ShapeError "lstm: weightIh must be [20, 4], for weightHh [20, 5] and x [6, 3, 4]; got [20, 3]"
 * @source Hochreiter, Schmidhuber 1997, Neural Computation 9(8); forget gate: Gers, Schmidhuber, Cummins 2000, 12(10);
 *         weightHr: Sak, Senior, Beaufays 2014, arXiv:1402.1128, section 2
 */
export function lstm<
  S extends number,
  B extends number,
  I extends number,
  H extends number,
  D extends DType,
  E extends DType,
  C extends number = H,
>(
  x: Tensor<[S, B, I], D>,
  weightIh: Tensor<[number, NoInfer<I>], E>,
  weightHh: Tensor<[number, H]>,
  options: LstmOptions<H, C> = {},
): [
  output: Tensor<[S, B, H], RecurrentDType<D, E>>,
  state: [h: State<B, H, RecurrentDType<D, E>>, c: State<B, C, RecurrentDType<D, E>>],
] {
  const { biasIh, biasHh, state: [h0, c0] = [], reverse = false, weightHr } = options;
  checkRecurrent('lstm', 4, x, weightIh, weightHh, options, { h0 }, weightHr);
  checkStates('lstm', { c0 }, x, weightHr ? { weightHr } : { weightHh });
  const operands = [x, weightIh, weightHh, biasIh, biasHh, h0, c0] as const;
  const [steps, batch] = x.shape;
  const last = lastOf(steps, reverse);
  if (weightHr) {
    const parts: Tensor = inFloat([weightHr, ...operands], (project, ...given) => {
      const [output, c] = unrolled([...given, reverse], (h) => linear(h, project));
      return concat([reshape(output, [-1]), reshape(c, [-1])]);
    });
    const size = steps * batch * weightHr.shape[0];
    const output: Tensor = reshape(slice(parts, [0, size]), [steps, batch, weightHr.shape[0]]);
    const c: Tensor = reshape(slice(parts, [size]), [batch, weightHr.shape[1]]);
    return [output, [slice(output, last), c]];
  }
  const states: Tensor = inFloat(operands, (...given) => recurrence(...given, reverse));
  const output = slice(states, [0, steps]);
  return [output, [slice(output, last), slice(states, steps)]];
}

type States = [h0: Tensor | undefined, c0: Tensor | undefined];

/** The formula: the outputs of all steps, and the last cells. */
function unrolled(
  [x, weightIh, weightHh, biasIh, biasHh, h0, c0, reverse]: Operands<States>,
  project: (h: Tensor) => Tensor = (h) => h,
): [outputs: Tensor, c: Tensor] {
  let [h, c] = [h0, c0];
  const outputs = unroll(linear(x, weightIh, totalBias(biasIh, biasHh)), reverse, (sum) => {
    const gates: Tensor = h ? add(sum, matmul(h, transpose(weightHh))) : sum;
    const [i, f, g, o]: Tensor[] = split(gates, gates.shape[1] / 4, 1);
    const fresh: Tensor = mul(sigmoid(i), tanh(g));
    c = c ? add(mul(sigmoid(f), c), fresh) : fresh;
    h = project(mul(sigmoid(o), tanh(c)));
    return h;
  });
  return [outputs, c as Tensor];
}

// Without a state before the first step there is no gradient of it, and one product less.
const products = (v: readonly View[]): number => inputProducts(v[3], v[4]) + stateProducts(v[1], v[5], v.length > 7);

kernel('lstm', {
  writes: 3,
  products,
  flops: (v) => 2 * products(v) + 17 * sizeOf(v[2].shape),
});
kernel('lstmGradient', {
  writes: ({ length }) => (length > 5 ? 3 : 1),
  flops: (v) => 2 * stateProducts(v[0], v[v.length > 5 ? 6 : 4], v.length > 5) + 6 * sizeOf(v[0].shape),
});

/** The outputs of all steps and below them the last cells: [steps + 1, batch, hidden]. */
const recurrence = fused(
  'lstm',
  (...operands: Operands<States>) => {
    const [outputs, c] = unrolled(operands);
    return concat([outputs, unsqueeze(c, 0)]);
  },
  (x, weightIh, weightHh, biasIh, biasHh, h0, c0, reverse) => {
    const { dtype } = x;
    const [steps, batch] = x.shape;
    const hidden: number = weightHh.shape[1];
    const numbers = [Number(reverse), Number(inBfloat16(dtype))];
    const bias = totalBias(biasIh, biasHh)?.detach() ?? fill([4 * hidden], 0, dtype);
    const operands = rowMajor(x, weightIh, weightHh, bias);
    const [, , weight] = operands;
    const state = h0 && c0 ? rowMajor(h0, c0) : [];
    const y = empty([steps + 1, batch, hidden], dtype);
    const given = [x, weightIh, weightHh, biasIh, biasHh, h0, c0];
    const gates = roomForSteps(given, steps, batch, 4 * hidden);
    const cells = roomForSteps(given, steps, batch, hidden);
    run('lstm', [y, gates, cells, ...operands, ...state], numbers);
    return {
      result: y,
      saved: [x, weightIh, weightHh, h0, c0, y],
      own: [gates, cells],
      // dc = dh · o · (1 − tanh²c) + dc of the step after · f;   di = dc · g, df = dc · cₜ₋₁, dg = dc · i, do = dh · tanh c, each
      // times its function's slope; and on to the step before: dh += weightHhᵀ · (di, df, dg, do)
      backward: (dy) => {
        const dsums = empty(gates.shape, dtype);
        const dstate = state.map(({ shape }) => empty(shape, dtype));
        run('lstmGradient', [dsums, ...dstate, contiguous(dy), gates, cells, weight, ...state.slice(1)], numbers);
        const dbias = biasIh || biasHh ? biasGradient(dsums) : null;
        const [dweightIh, dweightHh] = weightGradients(dsums, x, slice(y.detach(), [0, steps]), h0, reverse);
        return [inputGradient(dsums, x, weightIh), dweightIh, dweightHh, dbias, dbias, ...dstate];
      },
    };
  },
);
