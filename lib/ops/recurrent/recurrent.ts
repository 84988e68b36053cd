import { run, type View } from '../../backend/index.js';
import type { DType, Floating, Promoted } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show, sizeOf } from '../../core/shape.js';
import { empty } from '../../tensor/create.js';
import { type Gradient, isRecording, isTracked } from '../../tensor/tape.js';
import { checkTensor, type Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank, checkShapes } from '../check.js';
import { add } from '../elementwise/add.js';
import { matmul } from '../linalg/matmul.js';
import { sum } from '../reduction/sum.js';
import { contiguous } from '../shape/contiguous.js';
import { transpose } from '../shape/permute.js';
import { type Range, slice } from '../shape/slice.js';
import { stack } from '../shape/stack.js';

/*
 * What the recurrent ops share. Each is one direction of one layer over a whole sequence: at every step the inputs' part of
 * all gates' sums and the state's part.
 */

/** A state before the first step or after the last one: [batch, hidden]. */
export type State<B extends number, H extends number, D extends DType> = Tensor<[B, H], D>;

/** The dtype of a recurrent layer's results. */
export type RecurrentDType<D extends DType, E extends DType> = Floating<Promoted<D, E>>;

export interface RecurrentOptions {
  /** Added to the inputs' part of the sums, [gates · hidden]; default 0. */
  biasIh?: Optional;
  /** Added to the state's part, [gates · hidden]; default 0. */
  biasHh?: Optional;
  /** Go from the last step to the first; default false. */
  reverse?: boolean | undefined;
}

/** What every recurrence is given, in this order; of what is left out there is nothing. */
export type Operands<States extends readonly (Tensor | undefined)[] = [h0: Tensor | undefined]> = [
  x: Tensor,
  weightIh: Tensor,
  weightHh: Tensor,
  biasIh: Tensor | undefined,
  biasHh: Tensor | undefined,
  ...states: States,
  reverse: boolean,
];

/**
 * Refuses operands that do not fit together.
 *
 * @param states    by name, [batch, hidden] each
 * @param weightHr  [proj, hidden], which makes proj elements of hidden ones: then the states are [batch, proj]
 */
export function checkRecurrent(
  op: string,
  gates: number,
  x: Tensor,
  weightIh: Tensor,
  weightHh: Tensor,
  { biasIh, biasHh }: RecurrentOptions,
  states: Readonly<Record<string, Optional>>,
  weightHr?: Optional,
): void {
  checkTensor(op, x);
  checkTensor(op, weightHh);
  if (weightHr) checkRank(op, 'weightHr', weightHr, ['proj', 'hidden']);
  if (x.rank !== 3 || x.shape[0] === 0) {
    throw new ShapeError(
      `${op}: x must have the axes [steps, batch, in] and at least one step; got ${show(x.shape)}; a single sequence needs a batch axis: unsqueeze(1)`,
    );
  }
  const size: number = x.shape[2];
  const width: number = weightHh.rank === 2 ? weightHh.shape[1] : 0;
  const rows = gates * (weightHr ? weightHr.shape[1] : width);
  const count = gates === 1 ? '' : `${gates} · `;
  if (weightHr) checkShapes(op, { weightHh }, [rows, weightHr.shape[0]], () => `for weightHr ${show(weightHr.shape)}`);
  if (width === 0 || weightHh.shape[0] !== rows) {
    throw new ShapeError(
      `${op}: weightHh must have the axes [${count}hidden, hidden], none of them empty; got ${show(weightHh.shape)}`,
    );
  }
  const shown = show(weightHh.shape);
  checkShapes(op, { weightIh }, [rows, size], () => `for weightHh ${shown} and x ${show(x.shape)}`);
  checkShapes(op, { biasIh, biasHh }, [rows], () => `the first axis of weightHh ${shown}`);
  checkStates(op, states, x, { weightHh });
}

/** Refuses states, by name, that are not [batch, the last axis of a weight]. */
export function checkStates(
  op: string,
  states: Readonly<Record<string, Optional>>,
  x: Tensor,
  weight: Readonly<Record<string, Tensor>>,
): void {
  const [[name, { shape }]] = Object.entries(weight);
  checkShapes(
    op,
    states,
    [x.shape[1], shape[1]],
    () => `the batch of x ${show(x.shape)} and the last axis of ${name} ${show(shape)}`,
  );
}

/** The sum of the biases that there are. */
export const totalBias = (biasIh: Tensor | undefined, biasHh: Tensor | undefined): Tensor | undefined =>
  biasIh && biasHh ? add(biasIh, biasHh) : (biasIh ?? biasHh);

/** Tensors as kernels take them: row-major, outside of the tape. */
export const rowMajor = (...tensors: Tensor[]): Tensor[] => tensors.map((x) => contiguous(x.detach()));

/** A batch that is large enough for products of its own at every step; of smaller ones several steps are taken together. */
const largeBatch = 28;

/**
 * Room for what every step computes, [steps, batch, n]: for all of them where a gradient of the operands may ask for it; else
 * for one after the other in the same memory.
 */
export function roomForSteps(
  operands: readonly (Tensor | undefined)[],
  steps: number,
  batch: number,
  n: number,
): Tensor {
  const { dtype } = operands[0] as Tensor;
  const wanted = isRecording() && operands.some((operand) => operand !== undefined && isTracked(operand));
  if (wanted || batch < largeBatch) return empty([steps, batch, n], dtype);
  const { storage } = empty([batch, n], dtype);
  return new Tensor(storage, dtype, [steps, batch, n], [0, n, 1]);
}

/** The formula's loop: the outputs of all steps of the inputs' sums, stacked in the order of time. */
export function unroll(sums: Tensor, reverse: boolean, step: (sum: Tensor) => Tensor): Tensor {
  const steps: number = sums.shape[0];
  const outputs = new Array<Tensor>(steps);
  for (let i = 0; i < steps; i++) {
    const t = reverse ? steps - 1 - i : i;
    outputs[t] = step(slice(sums, t));
  }
  return stack(outputs);
}

/** The step that is computed last: the one whose state is left over. */
export const lastOf = (steps: number, reverse: boolean): number => (reverse ? 0 : steps - 1);

/** The gradient of x from those of the inputs' sums: a product over all steps. */
export const inputGradient =
  (dsums: Tensor, x: Tensor, weightIh: Tensor): Gradient =>
  () =>
    matmul(flat(dsums), weightIh).reshape(x.shape);

/** The gradient of weightIh from those of the inputs' sums. */
export const inputWeightGradient =
  (dsums: Tensor, x: Tensor): Gradient =>
  () =>
    matmul(transpose(flat(dsums)), flat(x));

/** The gradients of weightIh and weightHh from those of sums that inputs and state add to: one product with both side by side. */
export function weightGradients(
  dsums: Tensor,
  x: Tensor,
  outputs: Tensor,
  h0: Tensor | undefined,
  reverse: boolean,
): [dweightIh: Gradient, dweightHh: Gradient] {
  const size: number = x.shape[2];
  let both: Tensor | undefined;
  const dweights = (): Tensor => {
    both ??= matmul(transpose(flat(dsums)), flat(besideStates(x, outputs, h0, reverse)));
    return both;
  };
  return [() => slice(dweights(), null, [0, size]), () => slice(dweights(), null, [size])];
}

/** x with the state before each step beside it: [steps, batch, in + hidden]. */
function besideStates(x: Tensor, outputs: Tensor, h0: Tensor | undefined, reverse: boolean): Tensor {
  const [steps, batch, size] = x.shape;
  const y: Tensor = empty([steps, batch, size + outputs.shape[2]], outputs.dtype);
  const states: Tensor = slice(y, null, null, [size]);
  const [first, rest, earlier]: Range[] = reverse ? [-1, [0, -1], [1]] : [0, [1], [0, -1]];
  run('copy', [slice(y, null, null, [0, size]), x]);
  run('copy', [slice(states, rest), slice(outputs, earlier)]);
  if (h0) run('copy', [slice(states, first), h0]);
  else run('fill', [slice(states, first)], [0]);
  return y;
}

/** The gradient of weightHh from those of the state's sums: one product over all steps that have a state before them. */
export function stateWeightGradient(
  dsums: Tensor,
  outputs: Tensor,
  h0: Tensor | undefined,
  reverse: boolean,
): Gradient {
  return () => {
    const [first, rest, earlier] = reverse
      ? [slice(dsums, -1), slice(dsums, [0, -1]), slice(outputs, [1])]
      : [slice(dsums, 0), slice(dsums, [1]), slice(outputs, [0, -1])];
    const dweight = matmul(transpose(flat(rest)), flat(earlier));
    return h0 === undefined ? dweight : add(dweight, matmul(transpose(first), h0));
  };
}

/** The gradient of a bias that was added to every row. */
export const biasGradient = (dsums: Tensor): Tensor => sum(flat(dsums), 0);

/** [steps, batch, n] as [steps · batch, n]. */
const flat = (x: Tensor): Tensor => x.reshape([x.shape[0] * x.shape[1], x.shape[2]]);

/** The product of the inputs [steps, batch, in] of all steps with their weight. */
export const inputProducts = ({ shape: [steps, batch] }: View, weight: View): number =>
  steps * batch * sizeOf(weight.shape);

/** The products of the states with their weight, in as many steps as `gates` has; the first needs a state before it. */
export const stateProducts = ({ shape: [steps, batch] }: View, weight: View, hasFirst: boolean): number =>
  (hasFirst ? steps : steps - 1) * batch * sizeOf(weight.shape);
