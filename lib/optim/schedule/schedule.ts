import { checkInstance, checkNonNegative, checkWhole, given } from '../../core/check.js';
import { FormatError, ValueError } from '../../core/errors.js';
import { everyStep } from '../../core/recording.js';
import { type Group, Optimizer, type OptimizerOptions } from '../optimizer.js';

/**
 * A hyper-parameter's value after `step` steps of a schedule, 0 and up, from the value that the group began with. A function
 * of these alone: a resumed run has the same bits, and a plot needs no optimiser.
 */
export type Rate = (base: number, step: number) => number;

export interface ScheduleOptions {
  /** When a Trainer steps the schedule: after every optimiser step, or after every epoch. Default 'epoch'. */
  every?: 'step' | 'epoch';
}

/** What a checkpoint keeps of a schedule. */
export interface ScheduleState {
  /** How far the rates have gone. */
  step: number;
  /** The groups' values before the schedule changed them, by hyper-parameter. */
  bases: Record<string, number[]>;
  /** What else a schedule remembers. */
  numbers?: Record<string, number>;
}

/**
 * Sets hyper-parameters of an optimiser's groups as functions of how often `step` was called, after the optimiser's own
 * step. A value that was set by hand in between is overwritten.
 *
 *     new Schedule('halves', optimizer, { lr: (base, step) => base / (1 + step) }, { every: 'step' });
 *
 * 'momentum' stands for betas[0] where an optimiser has betas.
 */
export class Schedule {
  readonly every: 'step' | 'epoch';
  protected readonly name: string;
  readonly #optimizer: Optimizer<any>;
  readonly #rates: Readonly<Record<string, Rate>>;
  #step = 0;
  #bases: Record<string, number[]>;

  /**
   * @param name   for errors
   * @param rates  by hyper-parameter
   * @throws ValueError "OneCycleLR: the optimiser must have the option momentum, or betas; got lr, eps; …"
   */
  constructor(
    name: string,
    optimizer: Optimizer<any>,
    rates: Readonly<Record<string, Rate>>,
    options: ScheduleOptions = {},
  ) {
    const { every = 'epoch' } = given(options);
    checkInstance(name, 'optimizer', optimizer, Optimizer);
    if (every !== 'step' && every !== 'epoch') {
      throw new ValueError(`${name}: every must be 'step' or 'epoch'; got ${String(every)}`);
    }
    this.name = name;
    this.every = every;
    this.#optimizer = optimizer;
    this.#rates = rates;
    for (const option of Object.keys(rates)) checkOption(name, option, optimizer.groups[0]);
    this.#bases = Object.fromEntries(Object.keys(rates).map((option) => [option, []]));
    this.#apply();
  }

  /**
   * Goes on by one and sets the hyper-parameters.
   *
   * @param score  of the epoch, for schedules that ask for it
   */
  step(_score?: number): void {
    everyStep(() => {
      this.#step++;
      this.#apply();
    });
  }

  /** The values of a hyper-parameter that the last step set, one a group. */
  last(option: string): number[] {
    return this.#bases[option].map((base) => this.#rates[option](base, this.#step));
  }

  /** The learning rates that the last step set, one a group. */
  get lastLr(): number[] {
    return this.last('lr');
  }

  /** What a checkpoint must keep to go on. */
  stateDict(): ScheduleState {
    return { step: this.#step, bases: structuredClone(this.#bases) };
  }

  /**
   * Goes on where a schedule of the same kind and options was saved, and sets the hyper-parameters.
   *
   * @throws FormatError, ValueError for a state that is not one of these, which changes nothing
   */
  loadStateDict({ step, bases }: ScheduleState): void {
    const op = `${this.name}.loadStateDict`;
    checkWhole(op, 'step', step, 0, FormatError);
    const [wanted, given] = [this.#rates, bases].map((names) =>
      Object.keys(names ?? {})
        .sort()
        .join(', '),
    );
    if (wanted !== given) {
      throw new FormatError(
        `${op}: the state must have bases of ${wanted}; got ${given || 'none'}; was it saved by another schedule?`,
      );
    }
    const { length } = this.#optimizer.groups;
    for (const [option, values] of Object.entries(bases)) {
      if (values.length !== length) {
        throw new FormatError(
          `${op}: the optimiser has ${length} groups, the state ${values.length}; build it with the same groups`,
        );
      }
      for (const value of values) checkNonNegative(op, `bases.${option}`, value);
    }
    this.#step = step;
    this.#bases = structuredClone(bases);
    this.#apply();
  }

  #apply(): void {
    for (const [option, bases] of Object.entries(this.#bases)) {
      this.#optimizer.groups.forEach((group, i) => {
        // A group that came later begins with what it has.
        bases[i] ??= valueOf(group, option);
        setValue(group, option, this.#rates[option](bases[i], this.#step));
      });
    }
  }
}

type AnyGroup = Group<OptimizerOptions & Record<string, any>>;

const hasBetas = (group: AnyGroup, option: string): boolean => option === 'momentum' && 'betas' in group;

function checkOption(name: string, option: string, group: AnyGroup): void {
  if (hasBetas(group, option) || typeof group[option] === 'number') return;
  const { parameters: _, ...options } = group;
  const wanted = option === 'momentum' ? 'momentum, or betas' : option;
  throw new ValueError(
    `${name}: the optimiser must have the option ${wanted}; got ${Object.keys(options).join(', ')}; leave it out of the schedule`,
  );
}

const valueOf = (group: AnyGroup, option: string): number =>
  hasBetas(group, option) ? group['betas'][0] : group[option];

function setValue(group: AnyGroup, option: string, value: number): void {
  if (hasBetas(group, option)) Object.assign(group, { betas: [value, group['betas'][1]] });
  else Object.assign(group, { [option]: value });
}
