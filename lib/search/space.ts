import { checkArray, checkFinite, checkPositive, checkWhole } from '../core/check.js';
import { ValueError } from '../core/errors.js';

/** A hyper-parameter: its values, laid out from 0 to 1. */
export interface Dimension<T> {
  /** Whether neighbours on 0 … 1 are alike; not of a choice. */
  readonly ordered: boolean;
  /** The value at a share, 0 … 1, of the way from the first to the last. */
  at(share: number): T;
  /** Where a value lies. */
  shareOf(value: T): number;
  /** So many values evenly from the first to the last, or all if there are fewer. */
  grid(points: number): T[];
  /** From the neighbour below to the one above in a grid of so many points; of a choice, the value alone. */
  around(value: T, points: number): Dimension<T>;
}

/** Hyper-parameters by name. */
export type Space = Readonly<Record<string, Dimension<any>>>;

/** A value for each of a space. */
export type ParametersOf<S extends Space> = { -readonly [K in keyof S]: S[K] extends Dimension<infer T> ? T : never };

/** To 12 digits, so that the points of a grid are 0.001 and 0.7 rather than their neighbours. */
const neat = (value: number): number => Number(value.toPrecision(12));
const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
const evenly = (points: number): number[] =>
  points === 1 ? [0.5] : Array.from({ length: points }, (_, i) => i / (points - 1));

function checkBelow(op: string, low: number, high: number): void {
  if (low >= high) throw new ValueError(`${op}: low must be below high; got ${low} and ${high}`);
}

/** Between neighbours of a grid, on a scale from 0 to 1. */
function continuous(at: (share: number) => number, shareOf: (value: number) => number): Dimension<number> {
  return {
    ordered: true,
    at,
    shareOf,
    grid: (points) => evenly(points).map(at),
    around(value, points) {
      const [share, step] = [shareOf(value), 1 / Math.max(points - 1, 1)];
      const [low, high] = [Math.max(0, share - step), Math.min(1, share + step)];
      return continuous(
        (inner) => at(low + inner * (high - low)),
        (value) => (shareOf(value) - low) / (high - low),
      );
    },
  };
}

/**
 * Any number from low to high, each as likely: shares and momenta.
 *
 * @throws ValueError "uniform: low must be below high; got 1 and 0"
 */
export function uniform(low: number, high: number): Dimension<number> {
  checkFinite('uniform', 'low', low);
  checkFinite('uniform', 'high', high);
  checkBelow('uniform', low, high);
  return continuous(
    (share) => within(neat(low + share * (high - low)), low, high),
    (value) => (value - low) / (high - low),
  );
}

/**
 * Any number from low to high, each power of ten as likely: learning rates and penalties.
 *
 * @param low  > 0
 */
export function logUniform(low: number, high: number): Dimension<number> {
  checkPositive('logUniform', 'low', low);
  checkPositive('logUniform', 'high', high);
  checkBelow('logUniform', low, high);
  return continuous(
    (share) => within(neat(low * (high / low) ** share), low, high),
    (value) => Math.log(value / low) / Math.log(high / low),
  );
}

/** Any whole number from low to high, both included, each as likely: widths and depths. */
export function integer(low: number, high: number): Dimension<number> {
  checkWhole('integer', 'low', low);
  checkWhole('integer', 'high', high, low);
  const count = high - low + 1;
  return {
    ordered: true,
    at: (share) => low + Math.min(Math.floor(share * count), count - 1),
    shareOf: (value) => (value - low + 0.5) / count,
    grid: (points) => [...new Set(evenly(points).map((share) => Math.round(low + share * (high - low))))],
    around(value, points) {
      const step = Math.ceil((high - low) / Math.max(points - 1, 1));
      return integer(Math.max(low, value - step), Math.min(high, value + step));
    },
  };
}

/**
 * One of several values, each as likely: activations, optimisers, numbers of one's own choice. A grid has all of them.
 *
 * @throws ValueError "choice: there must be values to choose from; got none"
 */
export function choice<const T>(values: readonly T[]): Dimension<T> {
  checkArray('choice', 'values', values);
  if (values.length === 0) throw new ValueError('choice: there must be values to choose from; got none');
  return {
    ordered: false,
    at: (share) => values[Math.min(Math.floor(share * values.length), values.length - 1)],
    shareOf: (value) => (values.indexOf(value) + 0.5) / values.length,
    grid: () => [...values],
    around: (value) => choice([value]),
  };
}

/** A value for each hyper-parameter, by what is asked of its dimension. */
export const eachOf = <S extends Space>(
  space: S,
  value: (dimension: Dimension<unknown>, name: string) => unknown,
): ParametersOf<S> =>
  Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, value(dimension, name)]),
  ) as ParametersOf<S>;
