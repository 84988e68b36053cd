import { checkedLeaves, rebuild, type Tree } from '../autodiff/tree.js';
import { intercept } from '../backend/index.js';
import { StateError } from '../core/errors.js';
import { recording, withRecorder } from '../core/recording.js';
import { everyOpWatched } from '../core/watching.js';
import { isRecording } from '../tensor/tape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Arena, Plan } from './plan.js';
import { Recorder } from './recorder.js';

export interface CaptureOptions {
  /**
   * What to do where the step cannot be captured: called once, with the reason, and the step then runs as it is. Who gives
   * this does not know the step, so calls 1, 2, 3, 5, 9, 17, … of a kind are recorded, and must do the same. Default: the
   * reason is thrown, and one call is recorded.
   */
  otherwise?: (reason: StateError) => void;
}

/** A captured step: called as the step itself. */
export interface Captured<A extends readonly Tree[], R> {
  (...inputs: A): R;
  /**
   * Runs the step beside the main thread; calls wait for their turn. What the step writes (parameters, an optimiser's
   * state) is in motion until the promise is settled.
   */
  async(...inputs: A): Promise<R>;
  /** What was recorded so far, one plan for each kind of arguments. */
  readonly plans: readonly { readonly calls: number; readonly arenaBytes: number }[];
}

/** A plan with the form of its result. */
interface Entry<R> {
  readonly plan: Plan;
  readonly result: R;
  /** Whether it was recorded outside of noGrad. */
  readonly taping: boolean;
  /** Of the step, with arguments of this kind. */
  calls: number;
}

/** More plans than this mean that something differs in every call. */
const maxPlans = 16;

/**
 * Turns a step of training or inference into a plan: the first call with arguments of a kind runs as it is and records its
 * kernel calls; later ones replay them in one native call, in memory that was laid out beforehand, with the same bits.
 *
 *     const step = capture((x: Tensor, y: Tensor) => {
 *       optimizer.zeroGrad();
 *       const loss = crossEntropy(model.forward(x), y);
 *       loss.backward();
 *       optimizer.step();
 *       return loss;
 *     });
 *     for (const [x, y] of batches) console.log(step(x, y).item());
 *
 * Parameters, optimisers with their schedules, random numbers, running statistics, clipping and checks of labels go on from
 * call to call. A plan is for the shapes, strides and dtypes of its arguments, the modes of its modules (train, eval) and
 * which parameters require gradients; where these change, another one is recorded. What else the step does in JavaScript
 * happens only while recording: numbers that it computes are constants of the plan, and it cannot read a tensor's value.
 *
 * @param step  synchronous; takes and returns tensors, or nested arrays and objects of them, or returns nothing. Results are
 *              new tensors without history; gradients that it leaves on parameters are overwritten by its next call
 * @throws StateError "capture: a captured step cannot read a value in JavaScript; got item() at train.ts:12:5; …"
 */
export function capture<A extends readonly Tree[], R extends Tree | void>(
  step: (...inputs: A) => R,
  { otherwise }: CaptureOptions = {},
): Captured<A, R> {
  const arena = new Arena();
  const plans: Entry<R>[] = [];
  let refused = false;
  let last: Promise<unknown> = Promise.resolve();
  let running = 0;

  /** @param before  the plan of an earlier call of the same kind, which this one is to confirm */
  const record = (inputs: A, given: readonly Tensor[], before?: Entry<R>): R => {
    let reason: StateError | undefined;
    const recorder = new Recorder(given, (error) => {
      if (otherwise === undefined) throw error;
      reason ??= error;
    });
    const release = intercept(recorder.wrap);
    let result: R;
    try {
      result = withRecorder(recorder, () => step(...inputs));
    } finally {
      release();
    }
    const results = checkResult(result);
    if (reason !== undefined) {
      refused = true;
      otherwise?.(reason);
      return result;
    }
    const plan = new Plan(arena, recorder, given, results);
    const outcome = detached(result, results);
    if (before === undefined) {
      plans.push({ plan, result: outcome, taping: isRecording(), calls: 1 });
      return outcome;
    }
    const difference = differ(before.plan.fingerprint, plan.fingerprint);
    if (difference !== undefined) {
      refused = true;
      otherwise?.(
        new StateError(
          `capture: a step must do the same in every call; ${difference}, in call ${before.calls}; run it as it is`,
        ),
      );
    }
    return outcome;
  };

  /** The plan for these arguments; undefined if the step must run as it is. */
  const planFor = (given: readonly Tensor[]) => {
    const taping = isRecording();
    const found = plans.find((entry) => entry.taping === taping && entry.plan.fits(given));
    if (found === undefined && plans.length === maxPlans) {
      const reason = new StateError(
        `capture: a step is recorded for up to ${maxPlans} kinds of arguments; this is one more; pad its inputs to a few shapes, or call the step itself`,
      );
      if (otherwise === undefined) throw reason;
      refused = true;
      otherwise(reason);
    }
    return found;
  };

  /** What a call gives, computed without a plan. */
  const runAsItIs = (inputs: A): R => {
    const result = step(...inputs);
    return detached(result, checkResult(result));
  };

  /** Whether this call is to be recorded as well: after 1, 2, 4, 8, … calls of a step that nobody vouches for. */
  const isDoubted = (entry: Entry<R>): boolean => {
    const { calls } = entry;
    entry.calls++;
    return otherwise !== undefined && Number.isInteger(Math.log2(calls));
  };

  const captured = (...inputs: A): R => {
    if (refused || recording() !== null) return step(...inputs);
    if (running > 0) throw new StateError('capture: this step is running on another thread; await its promises first');
    if (everyOpWatched()) return runAsItIs(inputs);
    const given = checkInputs(inputs);
    const entry = planFor(given);
    if (entry === undefined || isDoubted(entry)) return record(inputs, given, entry);
    return rebuilt(entry.result, entry.plan.run(given));
  };

  const async = (...inputs: A): Promise<R> => {
    running++;
    const turn = last.then(async () => {
      try {
        if (refused) return step(...inputs);
        if (everyOpWatched()) return runAsItIs(inputs);
        const given = checkInputs(inputs);
        const entry = planFor(given);
        if (entry === undefined || isDoubted(entry)) return record(inputs, given, entry);
        return rebuilt(entry.result, await entry.plan.runAsync(given));
      } finally {
        running--;
      }
    });
    last = turn.catch(() => {});
    return turn;
  };

  return Object.defineProperty(Object.assign(captured, { async }), 'plans', {
    get: () => plans.map(({ plan }) => plan),
  }) as Captured<A, R>;
}

function checkInputs(inputs: readonly Tree[]): Tensor[] {
  const given = checkedLeaves('capture', 'the arguments', inputs, 'close over what does not change');
  for (const input of given) {
    if (input.node !== null) {
      throw new StateError(
        `capture: an argument must have no history; got the result of ${input.node.op}; detach() it, or compute it within the step`,
      );
    }
  }
  return given;
}

function checkResult(result: unknown): Tensor[] {
  if (result instanceof Promise) {
    throw new StateError('capture: the step must be synchronous; got a promise; await what it needs before');
  }
  if (result === undefined) return [];
  return checkedLeaves('capture', 'the result', result as Tree, 'a replay would not compute it again');
}

/** Where two plans differ, in words. */
function differ(a: readonly string[], b: readonly string[]): string | undefined {
  const at = Array.from({ length: Math.max(a.length, b.length) }).findIndex((_, i) => a[i] !== b[i]);
  return at < 0 ? undefined : `got first ${a[at] ?? 'an end'}, then ${b[at] ?? 'an end'}`;
}

/** The step's result as a replay gives it: without history. */
const detached = <R extends Tree | void>(result: R, results: readonly Tensor[]): R =>
  rebuilt(
    result,
    results.map((each) => (each.node === null ? each : each.detach())),
  );

const rebuilt = <R extends Tree | void>(result: R, results: readonly Tensor[]): R =>
  result === undefined ? result : rebuild<R>(result as Tree, results);
