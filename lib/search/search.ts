import { isDeepStrictEqual } from 'node:util';
import { checkFunction, checkObject, checkOneOf, checkPositive, given } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { defaultGenerator, Generator } from '../core/random.js';
import type { ParametersOf, Space } from './space.js';

/* What all searches have in common: how a trial runs, what is kept of it, how a search stops and goes on. */

/** What a trial is told beside its parameters. */
export interface TrialContext {
  /** For the trial's own random numbers. The same at every budget of the same parameters. */
  readonly seed: number;
  /** What the trial may spend: epochs, examples, or what the objective takes it for. */
  readonly budget: number;
  /** Aborts when the search is to stop; what the trial returns then is not kept. */
  readonly signal: AbortSignal;
}

/** How good parameters are; NaN where they are no good at all, such as where the training diverges. */
export type Objective<P> = (parameters: P, context: TrialContext) => number | Promise<number>;

/** A line of the results. All are JSON where the parameters are. */
export interface Trial<P> {
  readonly parameters: P;
  readonly seed: number;
  readonly budget: number;
  readonly score: number;
  readonly seconds: number;
}

export interface SearchOptions<P> {
  /** Whether a good score is a high or a low one. */
  direction: 'maximise' | 'minimise';
  /** What parameters and the trials' seeds are drawn by; whole, ≥ 0; default: drawn from the default generator. */
  seed?: number;
  /** Of each trial, in `successiveHalving` of those of the first rung; > 0; default 1. */
  budget?: number;
  /** Trials of a search of the same space, seed and options that was stopped: they are not run again. */
  resume?: readonly Trial<P>[];
  /** Stops the search; the trial that runs is not kept. */
  signal?: AbortSignal;
  /** After every trial that runs; waited for. */
  progress?: (trial: Trial<P>, state: SearchProgress<P>) => void | Promise<void>;
}

export interface SearchProgress<P> {
  /** Trials that are over, those resumed included. */
  readonly done: number;
  /** Trials that are planned so far. */
  readonly total: number;
  readonly best: Trial<P> | null;
}

export interface SearchResult<P> {
  /** In the order in which they ran. */
  readonly trials: readonly Trial<P>[];
  /** The best score of the largest budget; null where there is none but NaN. */
  readonly best: Trial<P> | null;
  readonly seed: number;
  readonly direction: 'maximise' | 'minimise';
  /** Whether the signal ended it before its time. */
  readonly stopped: boolean;
}

/** Parameters to try. */
export interface Candidate<P> {
  readonly parameters: P;
  readonly seed: number;
}

/** What a search does its work with. */
export interface Workbench<P> {
  readonly generator: Generator;
  /** Adds trials to those that are expected. */
  plan(trials: number): void;
  candidate(parameters: P): Candidate<P>;
  /** Runs a trial, or takes it from those that were. */
  score(candidate: Candidate<P>, budget?: number): Promise<number>;
  /** The best first; NaN last. */
  order(a: number, b: number): number;
}

/** Thrown through a search that is to stop. */
const stop = Symbol('stop');

/** Runs the body of a search until it ends or the signal says so. */
export async function search<S extends Space>(
  op: string,
  space: S,
  objective: Objective<ParametersOf<S>>,
  options: SearchOptions<ParametersOf<S>>,
  body: (bench: Workbench<ParametersOf<S>>) => Promise<void>,
): Promise<SearchResult<ParametersOf<S>>> {
  type P = ParametersOf<S>;
  checkObject(op, 'the space', space);
  checkFunction(op, 'objective', objective);
  const { direction, seed = drawSeed(defaultGenerator()), resume = [], progress } = given(options);
  const { budget: own = 1, signal = new AbortController().signal } = given(options);
  checkOneOf(op, 'direction', direction, ['maximise', 'minimise']);
  checkPositive(op, 'budget', own);
  if (Object.keys(space).length === 0) throw new ValueError(`${op}: the space has no parameters; give at least one`);
  const trials: Trial<P>[] = [];
  const generator = new Generator(seed);
  let total = 0;

  const order = (a: number, b: number): number =>
    Number.isNaN(a) || Number.isNaN(b)
      ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
      : direction === 'maximise'
        ? b - a
        : a - b;

  const bench: Workbench<P> = {
    generator,
    order,
    plan(count) {
      total += count;
    },
    candidate: (parameters) => ({ parameters, seed: drawSeed(generator) }),
    async score({ parameters, seed }, budget = own) {
      const known = resume[trials.length];
      const start = performance.now();
      const score =
        known === undefined
          ? await run(op, objective, parameters, { seed, budget, signal })
          : recorded(op, known, { parameters, seed, budget }, trials.length);
      const seconds = known?.seconds ?? (performance.now() - start) / 1000;
      const trial = { parameters, seed, budget, score, seconds };
      trials.push(trial);
      if (known === undefined) await progress?.(trial, { done: trials.length, total, best: bestOf(trials, order) });
      return score;
    },
  };
  let stopped = false;
  try {
    await body(bench);
  } catch (error) {
    if (error !== stop) throw error;
    stopped = true;
  }
  return { trials, best: bestOf(trials, order), seed, direction, stopped };
}

async function run<P>(op: string, objective: Objective<P>, parameters: P, context: TrialContext): Promise<number> {
  const { signal } = context;
  if (signal.aborted) throw stop;
  let score: number;
  try {
    score = await objective(parameters, context);
  } catch (error) {
    throw signal.aborted ? stop : error;
  }
  if (signal.aborted) throw stop;
  if (typeof score !== 'number') throw new ValueError(`${op}: the objective must give a number; got ${String(score)}`);
  return score;
}

/** The score of a trial that was run before; JSON has null for NaN. */
function recorded<P>(op: string, known: Trial<P>, wanted: Omit<Trial<P>, 'score' | 'seconds'>, place: number): number {
  const { parameters, seed, budget, score } = known;
  if (!isDeepStrictEqual({ parameters, seed, budget }, wanted)) {
    throw new ValueError(
      `${op}: trial ${place} of resume is ${JSON.stringify({ parameters, seed, budget })}, this search tries ` +
        `${JSON.stringify(wanted)}; use the same space, seed and options`,
    );
  }
  return (score as number | null) ?? NaN;
}

function bestOf<P>(trials: readonly Trial<P>[], order: (a: number, b: number) => number): Trial<P> | null {
  const [best] = trials
    .filter(({ score }) => !Number.isNaN(score))
    .toSorted((a, b) => b.budget - a.budget || order(a.score, b.score));
  return best ?? null;
}

const drawSeed = (generator: Generator): number => Math.floor(generator.next() * 2 ** 32);
