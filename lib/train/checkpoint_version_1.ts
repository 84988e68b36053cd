import type { AverageState } from '../metrics/average.js';
import type { Tensor } from '../tensor/tensor.js';
import { type CheckpointFile, section } from './checkpoint_file.js';

/** The section `progress` of version 1. */
interface Progress {
  step: number;
  history: unknown[];
  partial: { batch: number; seconds: number; averages: Record<string, AverageState> } | null;
  batches: unknown;
  bestEpoch?: number | null;
}

/**
 * The states in a file of version 1, which knew five sections by name and had every metric averaged; its weights are the
 * tensors `model.*`, those of the best epoch `best.*`, the optimiser's `optimizer.*`.
 */
export function statesOfVersion1(file: CheckpointFile): Record<string, unknown> {
  const json = (name: string): unknown => section(file, name, unquoted);
  const { bestEpoch = null, batches, partial, ...progress } = json('progress') as Progress;
  const weights = (prefix: string): Map<string, Tensor> =>
    new Map(
      [...file.tensors].flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
      ),
    );
  const schedule = json('schedule') as { step: number; baseLrs: number[] } | null;
  const optimizer = json('optimizer') as { groups: object[] };
  const groups = optimizer.groups.map((group) => ({ ...lacking(group), ...group }));
  const { loss, ...counts } = partial?.averages ?? {};
  return {
    model: weights('model.'),
    optimizer: { ...optimizer, groups, tensors: Object.fromEntries(weights('optimizer.')) },
    ...(schedule !== null && { schedule: { step: schedule.step, bases: { lr: schedule.baseLrs } } }),
    random: json('random'),
    callbacks: bestEpoch === null ? {} : { early_stopping: { best: { epoch: bestEpoch, weights: weights('best.') } } },
    trainer: { ...progress, partial: partial && { batch: partial.batch, seconds: partial.seconds, loss, counts } },
    batches,
  };
}

/** Options that Adam, by its betas, and SGD, by nesterov, got since: what they were without. */
const lacking = (group: object): object => ({
  ...('betas' in group && { epsInside: false }),
  ...('nesterov' in group && { rateInVelocity: false }),
});

/** JSON has no NaN and no infinity: version 1 wrote their names. */
const unquoted = (_key: string, value: unknown): unknown =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
