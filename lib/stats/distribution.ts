import { requirePeer } from '../core/peer.js';

/* Distribution functions are @stdlib's, one package each, loaded when a test first needs it. */

type Name =
  | 'binomial-cdf'
  | 'chisquare-cdf'
  | 'f-cdf'
  | 'normal-cdf'
  | 'normal-quantile'
  | 'signrank-cdf'
  | 'studentized-range-cdf'
  | 'studentized-range-quantile'
  | 't-cdf'
  | 't-quantile';

/** Of the value, then the parameters of the distribution. */
export const distribution = (op: string, name: Name): ((...numbers: number[]) => number) =>
  requirePeer(op, `@stdlib/stats-base-dists-${name}`);

/** P(|Z| ≥ |z|) of a standard normal Z; of the lower tail, so that small ones keep their digits. */
export const twoSidedNormal = (op: string, z: number): number => 2 * distribution(op, 'normal-cdf')(-Math.abs(z), 0, 1);

/** The standard normal's quantile. */
export const normalQuantile = (op: string, p: number): number => distribution(op, 'normal-quantile')(p, 0, 1);
