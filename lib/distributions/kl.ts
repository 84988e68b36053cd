import { checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { Distribution, Reparameterised, type SampleOptions } from './distribution.js';

/** A distribution whose divergence from another of its kind has a closed form. */
export interface ClosedDivergence<Q> {
  divergence(q: Q): Tensor;
}

/**
 * The Kullback–Leibler divergence of two distributions of one kind, in closed form: E log(p(x) / q(x)) for x drawn from p.
 * Kinds are their classes; for others there is `monteCarloKl`.
 *
 * @param p  of a kind that has a closed form
 * @param q  of the same; their batches broadcast
 * @returns  of the batches' broadcast shape
 * @throws ValueError "klDivergence: p and q must be of one kind; got Normal and Laplace; use monteCarloKl"
 * @source Kullback, Leibler 1951, "On information and sufficiency", Annals of Mathematical Statistics 22(1)
 */
export function klDivergence<P extends Distribution & ClosedDivergence<P>>(p: P, q: NoInfer<P>): Tensor {
  checkDistributions('klDivergence', p, q);
  if (p.constructor !== q.constructor) {
    const [ours, theirs] = [p.constructor.name, q.constructor.name];
    throw new ValueError(`klDivergence: p and q must be of one kind; got ${ours} and ${theirs}; use monteCarloKl`);
  }
  return p.divergence(q);
}

export interface MonteCarloOptions extends SampleOptions {
  /** How many draws; whole, ≥ 1; default 1000. */
  samples?: number;
}

/**
 * An estimate of the Kullback–Leibler divergence from draws of p: the mean of log p(x) − log q(x). Without bias; its standard
 * error falls with the root of the draws. Gradients are those of the estimate where p is reparameterised.
 *
 * @param samples  default 1000
 * @returns        of the batches' broadcast shape
 * @throws ValueError "monteCarloKl: samples must be a whole number ≥ 1; got 0"
 */
export function monteCarloKl(p: Distribution, q: Distribution, options: MonteCarloOptions = {}): Tensor {
  const { samples = 1000, ...rest } = options;
  checkWhole('monteCarloKl', 'samples', samples, 1);
  checkDistributions('monteCarloKl', p, q);
  const x = p instanceof Reparameterised ? p.rsample([samples], rest) : p.sample([samples], rest);
  return p.logProb(x).sub(q.logProb(x)).mean(0);
}

function checkDistributions(op: string, ...given: readonly unknown[]): void {
  const wrong = given.findIndex((each) => !(each instanceof Distribution));
  if (wrong >= 0) throw new ValueError(`${op}: p and q must be distributions; got ${String(given[wrong])}`);
}
