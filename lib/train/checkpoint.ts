import { AdjointError, FormatError, StateError } from '../core/errors.js';
import { defaultGenerator, Generator, setDefaultGenerator } from '../core/random.js';
import { readSafetensors } from '../io/safetensors.js';
import { saveTensors, tensorOf } from '../io/tensors.js';
import type { AverageState } from '../metrics/average.js';
import type { Module } from '../nn/module.js';
import type { Optimizer, OptimizerState } from '../optim/optimizer.js';
import type { Schedule, ScheduleState } from '../optim/schedule/schedule.js';
import type { Tensor } from '../tensor/tensor.js';

/** Raised when a checkpoint's meaning changes; older ones are then converted or refused, never misread. */
const version = '1';

/** An epoch that was stopped: batches done, seconds, averages so far. */
export interface PartialEpoch {
  batch: number;
  seconds: number;
  averages: Record<string, AverageState>;
}

/** The weights of the best epoch so far, which early stopping may restore. */
export interface BestWeights {
  epoch: number;
  weights: Map<string, Tensor>;
}

/** What a run needs besides weights, optimiser, schedule and random numbers. */
export interface Progress {
  step: number;
  history: readonly unknown[];
  partial: PartialEpoch | null;
  best: BestWeights | null;
  /** Position in the data, as the loader gave it. */
  batches: unknown;
}

interface Parts {
  optimizer: Optimizer;
  schedule?: Schedule;
}

/*
 * One safetensors file, so that one rename replaces all of it: `model.*`, `best.*` and `optimizer.*` are tensors, the
 * rest is JSON in its metadata.
 */

export async function writeCheckpoint(
  path: string,
  model: Module,
  parts: Parts,
  { best, ...progress }: Progress,
): Promise<void> {
  const { tensors, ...optimizer } = parts.optimizer.stateDict();
  const named = [
    ...[...model.stateDict()].map(([name, tensor]) => [`model.${name}`, tensor] as const),
    ...[...(best?.weights ?? [])].map(([name, tensor]) => [`best.${name}`, tensor] as const),
    ...Object.entries(tensors).map(([name, tensor]) => [`optimizer.${name}`, tensor] as const),
  ];
  await saveTensors(path, named, {
    format: 'adjoint-checkpoint',
    version,
    progress: JSON.stringify({ ...progress, bestEpoch: best?.epoch ?? null }, quoteNonFinite),
    optimizer: JSON.stringify(optimizer),
    schedule: JSON.stringify(parts.schedule?.stateDict() ?? null),
    random: JSON.stringify(defaultGenerator().state()),
  });
}

/**
 * Puts a checkpoint back: all of it or, if anything does not fit, nothing.
 *
 * @param seek  sets the data to the position in `progress.batches`; changes nothing if it throws
 */
export async function readCheckpoint(
  path: string,
  model: Module,
  parts: Parts,
  seek: (position: unknown) => void,
): Promise<Progress> {
  const { tensors, metadata } = await readSafetensors(path);
  const { format = 'unknown', version: found = 'unknown' } = metadata;
  if (format !== 'adjoint-checkpoint' || found !== version) {
    throw new FormatError(
      `resume: ${path} must be an adjoint-checkpoint of version ${version}; it is of format ${format}, version ${found}`,
    );
  }
  const section = <T>(name: string): T => {
    try {
      return JSON.parse(metadata[name], unquoteNonFinite) as T;
    } catch (cause) {
      throw new FormatError(`resume: ${path} has no readable section '${name}'; use an earlier checkpoint`, { cause });
    }
  };
  // Checkpoints from before early stopping have no best epoch.
  const { bestEpoch = null, ...progress } = section<Omit<Progress, 'best'> & { bestEpoch?: number | null }>('progress');
  const optimizer = section<Omit<OptimizerState, 'tensors'>>('optimizer');
  const schedule = section<ScheduleState | null>('schedule');
  const random = section<ReturnType<Generator['state']>>('random');
  if ((schedule === null) !== (parts.schedule === undefined)) {
    const had = schedule === null ? 'without' : 'with';
    throw new StateError(`resume: ${path} was written ${had} a schedule; build the trainer ${had} one`);
  }

  const part = (prefix: string): Map<string, Tensor> =>
    new Map(
      [...tensors].flatMap(([name, array]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensorOf(array)] as const] : [],
      ),
    );
  const undo = snapshot(model, parts);
  try {
    checkProgress(progress, bestEpoch);
    const generator = Generator.from(random);
    // Through the model, which refuses names and shapes that are not its own; its values come next.
    if (bestEpoch !== null) model.loadStateDict(part('best.'));
    model.loadStateDict(part('model.'));
    parts.optimizer.loadStateDict({ ...optimizer, tensors: Object.fromEntries(part('optimizer.')) });
    if (schedule !== null) parts.schedule?.loadStateDict(schedule);
    seek(progress.batches);
    setDefaultGenerator(generator);
  } catch (cause) {
    undo();
    if (cause instanceof AdjointError) throw cause;
    throw new FormatError(`resume: ${path} is damaged: ${(cause as Error).message}; use an earlier checkpoint`, {
      cause,
    });
  }
  return { ...progress, best: bestEpoch === null ? null : { epoch: bestEpoch, weights: part('best.') } };
}

/** Remembers model, optimiser and schedule; returns a function that puts them back. */
function snapshot(model: Module, { optimizer, schedule }: Parts): () => void {
  const weights = new Map([...model.stateDict()].map(([name, tensor]) => [name, tensor.clone()]));
  const moments = optimizer.stateDict();
  const position = schedule?.stateDict();
  return () => {
    model.loadStateDict(weights);
    if (position !== undefined) schedule?.loadStateDict(position);
    // After the schedule, which sets learning rates: they may have been changed by hand since.
    optimizer.loadStateDict(moments);
  };
}

function checkProgress({ step, history, partial }: Omit<Progress, 'best'>, bestEpoch: number | null): void {
  const numbers = [step, bestEpoch ?? 0, ...(partial === null ? [] : [partial.batch, partial.seconds])];
  if (!Array.isArray(history) || numbers.some((number) => !(number >= 0))) {
    throw new FormatError("resume: section 'progress' must hold counts and a history; use an earlier checkpoint");
  }
}

/** JSON has no NaN and no infinity, a metric may be one. */
const quoteNonFinite = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
const unquoteNonFinite = (_key: string, value: unknown): unknown =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
