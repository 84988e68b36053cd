import { given } from '../../core/check.js';
import { ValueError } from '../../core/errors.js';
import type { Optimizer } from '../optimizer.js';
import { type Rate, Schedule, type ScheduleOptions } from './schedule.js';

/** The base times a function of the step. */
export function lambda(factor: (step: number) => number): Rate {
  if (typeof factor !== 'function') {
    throw new ValueError(`LambdaLR: lrLambda must be a function of the step; got ${typeof factor}`);
  }
  return (base, t) => base * factor(t);
}

/** Multiplies the learning rate's base by a function of the step. */
export class LambdaLR extends Schedule {
  constructor(optimizer: Optimizer<any>, options: { lrLambda: (step: number) => number } & ScheduleOptions) {
    super('LambdaLR', optimizer, { lr: lambda(given(options).lrLambda) }, options);
  }
}
