import { findOutside } from '../backend/index.js';
import { callSite, callStack } from '../core/call_site.js';
import { checkFunction } from '../core/check.js';
import { isFloat, widen } from '../core/dtype.js';
import { during } from '../core/during.js';
import { ValueError } from '../core/errors.js';
import { withRecorder } from '../core/recording.js';
import { show } from '../core/shape.js';
import { type Watcher, watch } from '../core/watching.js';
import { to } from '../ops/shape/to.js';
import { type Node, noGrad, opInBackward } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';

export interface AnomalyOptions {
  /**
   * Whether an infinity counts that an op made of finite numbers, as exp of a large one does; default true. False for what
   * makes infinities on purpose, such as log(0) under a mask. One that was there before and is only passed on, such as a
   * mask's −∞, never counts.
   */
  infinity?: boolean;
}

/**
 * Runs `body` and throws at the first op, in forward or backward, whose result is not a finite number: which op on which
 * line of yours, the shapes, how many elements, and whether its operands were finite. NaN always counts, infinities where
 * they arise (see the options). For looking for a mistake, not for every day: every result is searched. While the promise of
 * an asynchronous body is pending, all that the process computes is watched. Captured steps run as they are meanwhile.
 *
 *     detectAnomaly(() => crossEntropy(model.forward(x), y).backward());
 *
 * @returns  what the body returns
 * @throws ValueError "log: a result must be finite; got 1 NaN among the 3 elements of [3] at /app/train.ts:12:9, from [3] (finite); keep its operand above 0, e.g. with clamp"
 * @throws ValueError "backward: a gradient must be finite; got 1 infinite among the 3 elements of [3], for operand 1 of sqrt at /app/train.ts:9:9, from its result's gradient [3] (finite); add a small number below the root"
 */
export function detectAnomaly<R>(body: () => R, options: AnomalyOptions = {}): R {
  checkFunction('detectAnomaly', 'body', body);
  return during(body, watch(new Detector(options)));
}

let stop: (() => void) | null = null;

/** Turns on what `detectAnomaly` does, or off, for all that follows. */
export function setAnomalyDetection(on: boolean, options: AnomalyOptions = {}): void {
  stop?.();
  stop = on ? watch(new Detector(options)) : null;
}

/** What is not finite in a tensor. */
interface Count {
  readonly nan: number;
  readonly infinite: number;
}

class Detector implements Watcher {
  readonly everyOp = true;
  readonly #infinity: boolean;
  /** Where the forward op of each node was called. */
  readonly #lines = new WeakMap<Node, Error>();
  #searching = false;

  constructor({ infinity = true }: AnomalyOptions) {
    this.#infinity = infinity;
  }

  result(op: string, result: Tensor, operands: readonly Tensor[]): void {
    if (result.node !== null) this.#lines.set(result.node, callStack());
    // Within a rule only the gradients count that it gives: one that is not wanted may be infinite.
    if (opInBackward() !== null || operands.some(({ storage }) => storage === result.storage)) return;
    const found = this.#find(result, operands);
    if (found === null) return;
    throw new ValueError(
      `${op}: a result must be finite; got ${say(found, result)} at ${callSite()}, ` +
        `from ${this.#describe(operands)}; ${this.#fix(op, operands)}`,
    );
  }

  gradient(node: Node, operand: number, dx: Tensor, dy: Tensor): void {
    const found = this.#find(dx, [dy]);
    if (found === null) return;
    const stack = this.#lines.get(node);
    const line = stack === undefined ? 'a line that ran before anomalies were looked for' : callSite(stack);
    throw new ValueError(
      `backward: a gradient must be finite; got ${say(found, dx)}, for operand ${operand + 1} of ${node.op} at ${line}, ` +
        `from its result's gradient ${this.#describe([dy])}; ${this.#fix(node.op, [dy])}`,
    );
  }

  written(writer: string, tensor: Tensor): void {
    const found = this.#find(tensor, []);
    if (found === null) return;
    throw new ValueError(
      `${writer}: what is written must be finite; got ${say(found, tensor)} at ${callSite()}; lower the learning rate, or clip the gradients`,
    );
  }

  /** What counts of a result; null where nothing does. */
  #find(result: Tensor, operands: readonly Tensor[]): Count | null {
    const found = this.#count(result);
    if (found === null || found.nan > 0) return found;
    return this.#infinity && operands.every((operand) => this.#count(operand) === null) ? found : null;
  }

  /** `[3] (finite), [2] (1 NaN)` */
  #describe(operands: readonly Tensor[]): string {
    return operands
      .map((operand) => {
        const count = this.#count(operand);
        return `${show(operand.shape)} (${count === null ? 'finite' : amounts(count)})`;
      })
      .join(', ');
  }

  /** What mends it most often. */
  #fix(op: string, operands: readonly Tensor[]): string {
    if (operands.some((operand) => this.#count(operand) !== null)) return 'look at where that comes from';
    return fixes[op] ?? 'look at the operands on that line';
  }

  #count(x: Tensor): Count | null {
    if (this.#searching || !isFloat(x.dtype) || x.size === 0) return null;
    this.#searching = true;
    try {
      // Nobody else's business: a step that is being captured would search again at every replay.
      return withRecorder(null, () => noGrad(() => count(x)));
    } finally {
      this.#searching = false;
    }
  }
}

/** The largest finite number of the dtypes that are searched. */
const largest: Record<string, number> = { float32: (2 - 2 ** -23) * 2 ** 127, float64: Number.MAX_VALUE };

function count(x: Tensor): Count | null {
  const wide: Tensor = to(x, widen(x.dtype));
  if (findOutside(wide, -largest[wide.dtype], largest[wide.dtype]) < 0) return null;
  let nan = 0;
  let infinite = 0;
  for (const value of wide.data()) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
  }
  return { nan, infinite };
}

const amounts = ({ nan, infinite }: Count): string =>
  [nan > 0 ? `${nan} NaN` : [], infinite > 0 ? `${infinite} infinite` : []].flat().join(' and ');

const say = (found: Count, { shape, size }: Tensor): string =>
  `${amounts(found)} among the ${size === 1 ? 'one element' : `${size} elements`} of ${show(shape)}`;

const positive = 'keep its operand above 0, e.g. with clamp';
const nonZero = 'keep the divisor away from 0, e.g. with where on the divisor itself';

/** What mends it most often where the operands are finite. */
const fixes: Record<string, string> = {
  log: positive,
  log2: positive,
  log1p: 'keep its operand above −1, e.g. with clamp',
  sqrt: 'add a small number below the root',
  rsqrt: 'add a small number below the root',
  div: nonZero,
  reciprocal: nonZero,
  pow: 'keep the base above 0, or the exponent whole and ≥ 1',
  exp: 'subtract the largest operand first, as softmax and logSumExp do',
};
