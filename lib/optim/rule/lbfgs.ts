import { checkNonNegative, checkPositive, checkWhole } from '../../core/check.js';
import { DTypeError, FormatError, ShapeError, StateError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { zerosLike } from '../../ops/creation/zeros_like.js';
import { concat } from '../../ops/shape/concat.js';
import { split } from '../../ops/shape/split.js';
import { noGrad, withRecording } from '../../tensor/tape.js';
import { overwrite, Tensor } from '../../tensor/tensor.js';
import { type Closure, checkGradient, Optimizer, type OptimizerState } from '../optimizer.js';
import { strongWolfe, type Trial } from './strong_wolfe.js';

export interface LBFGSOptions {
  /** Length of a step in units of the quasi-Newton direction; with a line search, the first that it tries; > 0; default 1. */
  lr: number;
  /** Iterations in a call of `step`; ≥ 1; default 20. */
  maxIter: number;
  /** No iteration begins after so many calls of the closure in a call of `step`; ≥ 1; default maxIter · 5/4. */
  maxEval: number;
  /** Stops where no element of the gradient is larger; ≥ 0; default 1e-7. */
  toleranceGrad: number;
  /** Stops where the loss, and each parameter, changes by less; ≥ 0; default 1e-9. */
  toleranceChange: number;
  /** Pairs of steps and changes of the gradient that are remembered; ≥ 1; default 100. */
  historySize: number;
  /** How the length of a step is found; null takes `lr` as it is. Default 'strongWolfe', unlike PyTorch's null. */
  lineSearch: 'strongWolfe' | null;
}

const defaults: Omit<LBFGSOptions, 'maxEval'> = {
  lr: 1,
  maxIter: 20,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearch: 'strongWolfe',
};

/** The cosine between s and y above which a pair counts; at 0 and below, the Hessian's estimate would not be positive. */
const leastCurvature = 1e-10;

/** A step s that was taken, the change y of the gradient along it, and 1 / (s · y). */
interface Pair {
  s: Tensor;
  y: Tensor;
  rho: number;
}

/** All parameters as one vector: where it is, the loss and the gradient there. */
interface Point extends Trial {
  readonly gradient: Tensor;
}

/** What is known of the loss's curvature, as vectors over the elements of these parameters. */
interface Memory {
  parameters: readonly Tensor[];
  /** Oldest first. */
  pairs: Pair[];
  /** The last step, and the gradient where it began: a pair as soon as the next gradient is known. */
  last: { step: Tensor; gradient: Tensor } | null;
}

/**
 * Limited-memory BFGS: a quasi-Newton method for losses that are computed over all of the data. Each iteration goes along
 * d = −H g, where H approximates the inverse Hessian by the last `historySize` steps s and changes of the gradient y, and
 * as far as a line search finds good.
 *
 *   H ← (1 − ρ s yᵀ) H (1 − ρ y sᵀ) + ρ s sᵀ,    ρ = 1 / (s · y),    from H = (s · y / y · y) 1 of the last pair
 *
 * `step` takes a closure, runs up to `maxIter` iterations and returns the first loss. It reads values: it cannot be
 * captured.
 *
 *     const optimizer = new LBFGS(model.parameters());
 *     const loss = optimizer.step(() => {
 *       optimizer.zeroGrad();
 *       const loss = mseLoss(model.forward(x), y);
 *       loss.backward();
 *       return loss;
 *     });
 *
 * A step that fails, be it by an error in the closure, leaves parameters and state as they were. Freezing or thawing a
 * parameter forgets the history.
 *
 * @throws ValueError for several groups; DTypeError for parameters of different dtypes; StateError "LBFGS.step: the loss
 *         and its gradient must be finite; got loss NaN and largest gradient NaN after 0 iterations; look for what makes it
 *         in the loss, or, without a line search, lower lr"
 * @source Nocedal, Wright 2006, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  #memory: Memory = { parameters: [], pairs: [], last: null };

  constructor(parameters: Iterable<Tensor>, options: Partial<LBFGSOptions> = {}) {
    const { maxIter = defaults.maxIter } = options;
    super('LBFGS', parameters, { ...defaults, maxEval: Math.max(1, Math.floor((maxIter * 5) / 4)) }, options);
    if (this.groups.length !== 1) {
      throw new ValueError(
        `LBFGS: there must be one group of parameters; got ${this.groups.length}; give them all in one`,
      );
    }
    const dtypes = new Set(this.parameters().map(({ dtype }) => dtype));
    if (dtypes.size > 1) {
      throw new DTypeError(
        `LBFGS: parameters must have one dtype; got ${[...dtypes].join(' and ')}; convert the model with to('float64')`,
      );
    }
  }

  protected override check(op: string, options: LBFGSOptions): void {
    checkPositive(op, 'lr', options.lr);
    checkWhole(op, 'maxIter', options.maxIter, 1);
    checkWhole(op, 'maxEval', options.maxEval, 1);
    checkNonNegative(op, 'toleranceGrad', options.toleranceGrad);
    checkNonNegative(op, 'toleranceChange', options.toleranceChange);
    checkWhole(op, 'historySize', options.historySize, 1);
    if (options.lineSearch !== 'strongWolfe' && options.lineSearch !== null) {
      throw new ValueError(`${op}: lineSearch must be 'strongWolfe' or null; got ${String(options.lineSearch)}`);
    }
  }

  override step(closure: Closure): Tensor {
    this.check(this.name, this.groups[0]);
    if (typeof closure !== 'function') {
      throw new StateError(
        `LBFGS.step: a closure is needed, for a step computes the loss several times; got ${typeof closure}; pass one that does zeroGrad, the loss and backward, and returns the loss`,
      );
    }
    const parameters = this.parameters().filter(({ requiresGrad }) => requiresGrad);
    if (parameters.length === 0) {
      throw new StateError('LBFGS.step: no parameter requires a gradient; mark those to train with requireGrad()');
    }
    return noGrad(() => {
      const start = flatten(parameters);
      try {
        return this.#minimise(closure, parameters, start);
      } catch (error) {
        write(parameters, start);
        throw error;
      }
    });
  }

  /** A copy of what a checkpoint must keep: 's0' and 'y0' of a parameter are its part of the oldest pair. */
  override stateDict(): OptimizerState<LBFGSOptions> {
    const { parameters, pairs, last } = this.#memory;
    const keep = (name: string, vector: Tensor): void => {
      parts(vector, parameters).forEach((part, i) => {
        this.slotsOf(parameters[i]).tensors[name] = part;
      });
    };
    noGrad(() => {
      pairs.forEach(({ s, y }, i) => {
        keep(`s${i}`, s);
        keep(`y${i}`, y);
      });
      if (last !== null) {
        keep('step', last.step);
        keep('gradient', last.gradient);
      }
    });
    const state = super.stateDict();
    this.#forgetSlots();
    return state;
  }

  override loadStateDict(state: OptimizerState<LBFGSOptions>): void {
    checkHistory('LBFGS.loadStateDict', Object.keys(state.tensors));
    super.loadStateDict(state);
    const parameters = this.parameters().filter((parameter) => Object.keys(this.slotsOf(parameter).tensors).length > 0);
    noGrad(() => {
      const vector = (name: string): Tensor =>
        flatten(parameters.map((parameter) => this.slotsOf(parameter).tensors[name]));
      const pairs: Pair[] = [];
      const has = (name: string): boolean => parameters.length > 0 && name in this.slotsOf(parameters[0]).tensors;
      while (has(`s${pairs.length}`)) pairs.push(pairOf(vector(`s${pairs.length}`), vector(`y${pairs.length}`)));
      const last = has('step') ? { step: vector('step'), gradient: vector('gradient') } : null;
      this.#memory = { parameters, pairs, last };
    });
    this.#forgetSlots();
  }

  override reset(): void {
    super.reset();
    this.#memory = { parameters: [], pairs: [], last: null };
  }

  override addGroup(): void {
    throw new StateError('LBFGS.addGroup: there is one group of parameters; build another LBFGS with all of them');
  }

  /** Slots hold the memory's parts only while a state comes or goes. */
  #forgetSlots(): void {
    for (const parameter of this.parameters()) this.slotsOf(parameter).tensors = {};
  }

  #minimise(closure: Closure, parameters: readonly Tensor[], start: Tensor): Tensor {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearch } = this.groups[0];
    let evaluations = 0;
    const evaluate = (): { loss: Tensor; value: number; gradient: Tensor } => {
      evaluations++;
      const loss = withRecording(true, closure);
      checkLoss(loss);
      return { loss, value: Number(loss.item()), gradient: gradientOf(parameters) };
    };

    const { parameters: before, pairs, last } = this.#memory;
    // Another set of trainable parameters is another problem.
    const same = before.length === parameters.length && before.every((parameter, i) => parameter === parameters[i]);
    const memory: Memory = { parameters, pairs: same ? [...pairs] : [], last: same ? last : null };
    let x = start;
    const first = evaluate();
    let { value, gradient } = first;
    for (let iteration = 0; ; iteration++) {
      const largest = largestOf(gradient);
      checkFinite(value, largest, iteration);
      if (largest <= toleranceGrad || iteration === maxIter || (iteration > 0 && evaluations >= maxEval)) break;

      // Where nothing is known of the curvature, the gradient's size does not tell how far to go: try a length ≤ 1.
      const known = memory.pairs.length > 0 || memory.last !== null;
      const rate = known ? lr : lr * Math.min(1, 1 / Number(gradient.abs().sum().item()));
      remember(memory, gradient, historySize);
      const direction = quasiNewton(gradient, memory.pairs);
      const slope = dot(gradient, direction);
      if (!(slope < -toleranceChange)) break;

      const origin = x;
      const here: Point = { t: 0, value, slope, gradient };
      const at = (t: number): Point => {
        write(parameters, origin.add(direction.mul(t)));
        const { value, gradient } = evaluate();
        return { t, value, gradient, slope: dot(gradient, direction) };
      };
      let next: Point;
      if (lineSearch !== null) {
        next = strongWolfe(at, here, rate, {
          rounding: 4 * Math.abs(value) * (first.loss.dtype === 'float64' ? 2 ** -52 : 2 ** -23),
          shortest: toleranceChange / largestOf(direction),
        });
      } else {
        // Nobody asks for the loss after the last iteration.
        next = iteration + 1 < maxIter ? at(rate) : { ...here, t: rate };
      }
      const step = direction.mul(next.t);
      x = origin.add(step);
      write(parameters, x);
      if (next === here) {
        // The curvature that is remembered has misled: the next call starts without.
        memory.pairs = [];
        break;
      }

      memory.last = { step, gradient };
      const change = Math.abs(next.value - value);
      ({ value, gradient } = next);
      if (change < toleranceChange || largestOf(step) <= toleranceChange) break;
    }
    this.#memory = memory;
    return first.loss;
  }
}

const dot = (a: Tensor, b: Tensor): number => Number(a.mul(b).sum().item());
const largestOf = (x: Tensor): number => (x.size === 0 ? 0 : Number(x.abs().max().item()));

const pairOf = (s: Tensor, y: Tensor): Pair => ({ s, y, rho: 1 / dot(s, y) });

/** Makes a pair of the last step, now that the gradient after it is known. */
function remember(memory: Memory, gradient: Tensor, historySize: number): void {
  if (memory.last === null) return;
  const s = memory.last.step;
  const y = gradient.sub(memory.last.gradient);
  memory.last = null;
  if (dot(s, y) > leastCurvature * Math.sqrt(dot(s, s) * dot(y, y))) memory.pairs.push(pairOf(s, y));
  memory.pairs.splice(0, memory.pairs.length - historySize);
}

/** −H g by the two loops of algorithm 7.4: over the pairs back in time, then forth. */
function quasiNewton(gradient: Tensor, pairs: readonly Pair[]): Tensor {
  let d = gradient.neg();
  const alphas: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i];
    alphas[i] = rho * dot(s, d);
    d = d.sub(y.mul(alphas[i]));
  }
  const newest = pairs.at(-1);
  if (newest !== undefined) d = d.mul(1 / (newest.rho * dot(newest.y, newest.y)));
  pairs.forEach(({ s, y, rho }, i) => {
    d = d.add(s.mul(alphas[i] - rho * dot(y, d)));
  });
  return d;
}

/** The elements of all tensors as one vector. */
const flatten = (tensors: readonly Tensor[]): Tensor => concat(tensors.map((x) => x.detach().reshape([x.size])));

/** A vector's parts in the parameters' shapes; they share its memory. */
const parts = (vector: Tensor, parameters: readonly Tensor[]): Tensor[] =>
  split(
    vector,
    parameters.map(({ size }) => size),
  ).map((part, i) => part.reshape(parameters[i].shape));

function write(parameters: readonly Tensor[], vector: Tensor): void {
  parts(vector, parameters).forEach((part, i) => {
    overwrite('LBFGS.step', parameters[i], part);
  });
}

/** One vector of every parameter's gradient; 0 for what the loss does not depend on. */
function gradientOf(parameters: readonly Tensor[]): Tensor {
  return flatten(
    parameters.map((parameter) => {
      if (parameter.grad === null) return zerosLike(parameter);
      checkGradient('LBFGS', parameter, parameter.grad);
      return parameter.grad;
    }),
  );
}

function checkLoss(loss: unknown): void {
  if (!(loss instanceof Tensor)) {
    throw new StateError(`LBFGS.step: the closure must return the loss, a tensor; got ${typeof loss}; add a return`);
  }
  if (loss.size !== 1) {
    throw new ShapeError(
      `LBFGS.step: the loss must have one element; got shape ${show(loss.shape)}; reduce it (mean, sum)`,
    );
  }
}

function checkFinite(loss: number, gradient: number, iteration: number): void {
  if (Number.isFinite(loss) && Number.isFinite(gradient)) return;
  throw new StateError(
    `LBFGS.step: the loss and its gradient must be finite; got loss ${loss} and largest gradient ${gradient} after ${iteration} iterations; look for what makes it in the loss, or, without a line search, lower lr`,
  );
}

/** A state's vectors are s0, y0, s1, y1, …, and the last step with its gradient, the same ones for each parameter it has. */
function checkHistory(op: string, keys: readonly string[]): void {
  const there = new Set(keys);
  const positions = new Set(keys.map((key) => key.split('.')[0]));
  for (const key of keys) {
    const [, kind, index] = /\.([a-z]+)(\d*)$/.exec(key) ?? [];
    const needed = [`${partner[kind]}${index}`, ...(Number(index) > 0 ? [`${kind}${Number(index) - 1}`] : [])];
    for (const name of [...needed, `${kind}${index}`]) {
      for (const i of positions) {
        if (!there.has(`${i}.${name}`)) {
          throw new FormatError(`${op}: ${key} is there, but not ${i}.${name}; was the state changed or cut?`);
        }
      }
    }
  }
}

const partner: Readonly<Record<string, string>> = { s: 'y', y: 's', step: 'gradient', gradient: 'step' };
