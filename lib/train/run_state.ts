import { FormatError } from '../core/errors.js';
import { defaultGenerator, Generator, type GeneratorState, setDefaultGenerator } from '../core/random.js';
import type { Stateful } from '../core/state.js';
import type { EpochRecord } from './records.js';
import type { PartialEpoch } from './tally.js';

/** The position of a run. */
export interface RunState<M extends string> {
  step: number;
  history: EpochRecord<M>[];
  partial: PartialEpoch | null;
}

export function checkRunState({ step, history, partial }: RunState<string>): void {
  const numbers = [step, ...(partial === null ? [] : [partial.batch, partial.seconds])];
  if (!Array.isArray(history) || numbers.some((number) => !(number >= 0))) {
    throw new FormatError("resume: part 'trainer' must hold counts and a history; use an earlier checkpoint");
  }
}

/** The default generator, whichever that is. */
export const random: Stateful<GeneratorState> = {
  stateDict: () => defaultGenerator().stateDict(),
  loadStateDict: (state) => setDefaultGenerator(Generator.from(state)),
};
