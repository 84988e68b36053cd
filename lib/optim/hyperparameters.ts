import { checkNonNegative, checkPositive } from '../core/check.js';
import { ValueError } from '../core/errors.js';

/* Ranges of optimisers' options; those of single numbers are in core/check. */

/** A number in [0, 1): the weight that a running average gives to its past. */
export function checkAveraging(op: string, name: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1)) {
    throw new ValueError(`${op}: ${name} must be a number ≥ 0 and < 1; got ${String(value)}`);
  }
}

export function checkFlag(op: string, name: string, value: boolean): void {
  if (typeof value !== 'boolean') throw new ValueError(`${op}: ${name} must be true or false; got ${String(value)}`);
}

type Check = (op: string, name: string, value: any) => void;

/** Checks two numbers, each by its own rule. */
const pair =
  (first: Check, second: Check): Check =>
  (op, name, value) => {
    if (!Array.isArray(value) || value.length !== 2) {
      throw new ValueError(`${op}: ${name} must be two numbers; got ${String(value)}`);
    }
    first(op, `${name}[0]`, value[0]);
    second(op, `${name}[1]`, value[1]);
  };

/** The range that an option has in every rule that has the option. */
const ranges: Readonly<Record<string, Check>> = {
  lr: checkNonNegative,
  lrDecay: checkNonNegative,
  momentum: checkNonNegative,
  dampening: checkNonNegative,
  momentumDecay: checkNonNegative,
  weightDecay: checkNonNegative,
  eps: checkNonNegative,
  initialAccumulatorValue: checkNonNegative,
  alpha: checkAveraging,
  rho: checkAveraging,
  betas: pair(checkAveraging, checkAveraging),
  lambd: checkNonNegative,
  t0: checkNonNegative,
  etas: pair(checkPositive, checkPositive),
  stepSizes: pair(checkPositive, checkPositive),
  radius: checkNonNegative,
  damping: checkNonNegative,
  nesterov: checkFlag,
  maximize: checkFlag,
  amsgrad: checkFlag,
  centered: checkFlag,
  epsInside: checkFlag,
  rateInVelocity: checkFlag,
  decoupledWeightDecay: checkFlag,
  saddleFree: checkFlag,
};

/** Every option must be in its range; those that the table does not have are their rule's own to check. */
export function checkRanges(op: string, options: object): void {
  for (const [name, value] of Object.entries(options)) ranges[name]?.(op, name, value);
}

/** Every option must be one that exists: a misspelt one would be ignored. */
export function checkNames(op: string, options: object, known: object): void {
  for (const name of Object.keys(options)) {
    if (!(name in known)) {
      throw new ValueError(`${op}: options are ${Object.keys(known).join(', ')}; got ${name}; check the spelling`);
    }
  }
}
