import { FormatError, StateError } from '../core/errors.js';
import { defaultGenerator, Generator, setDefaultGenerator } from '../core/random.js';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../io/safetensors.js';
import type { Module } from '../nn/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedule.js';
import { fromStorage } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';

/** Raised when a checkpoint's meaning changes; older ones are then converted or refused, never misread. */
const version = '1';

/** An epoch that was stopped: batches done, seconds, averages so far. */
export interface PartialEpoch {
  batch: number;
  seconds: number;
  averages: Record<string, { sum: number; count: number }>;
}

/** What a run needs besides weights and optimiser state. */
export interface Checkpoint {
  step: number;
  history: readonly unknown[];
  partial: PartialEpoch | null;
  /** Position in the data, as the loader gave it. */
  batches: unknown;
}

interface Parts {
  optimizer: Optimizer;
  schedule?: Schedule;
}

/*
 * One safetensors file, so that one rename replaces all of it: `model.*` and `optimizer.<index>.*` are tensors, the rest
 * is JSON in its metadata.
 */

export async function writeCheckpoint(path: string, model: Module, parts: Parts, state: Checkpoint): Promise<void> {
  const { groups, state: slots } = parts.optimizer.stateDict();
  const tensors = new Map<string, SafeTensor>();
  for (const [name, tensor] of model.stateDict()) tensors.set(`model.${name}`, asStored(tensor));
  const numbers: Record<string, number> = {};
  slots.forEach((slot, index) => {
    for (const [name, value] of Object.entries(slot)) {
      if (typeof value === 'number') numbers[`${index}.${name}`] = value;
      else tensors.set(`optimizer.${index}.${name}`, asStored(value));
    }
  });
  await writeSafetensors(path, tensors, {
    format: 'adjoint-checkpoint',
    version,
    state: JSON.stringify(state),
    optimizer: JSON.stringify({ groups, slots: slots.length, numbers }),
    schedule: JSON.stringify(parts.schedule?.stateDict() ?? null),
    random: JSON.stringify(defaultGenerator().state()),
  });
}

export async function readCheckpoint(path: string, model: Module, parts: Parts): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata['format'] !== 'adjoint-checkpoint' || metadata['version'] !== version) {
    throw new FormatError(
      `resume: ${path} is no checkpoint of version ${version}; its format is '${metadata['format'] ?? 'unknown'}', version '${metadata['version'] ?? 'unknown'}'`,
    );
  }
  const section = <T>(name: string): T => {
    try {
      return JSON.parse(metadata[name]) as T;
    } catch (cause) {
      throw new FormatError(`resume: ${path} has no readable section '${name}'`, { cause });
    }
  };
  const state = section<Checkpoint>('state');
  const optimizer = section<{ groups: never[]; slots: number; numbers: Record<string, number> }>('optimizer');
  const schedule = section<unknown>('schedule');
  const random = section<{ seed: number; counter: number }>('random');
  if ((schedule === null) !== (parts.schedule === undefined)) {
    throw new StateError(
      `resume: ${path} was written ${schedule === null ? 'without' : 'with'} a schedule; use the same here`,
    );
  }

  const weights = new Map<string, Tensor>();
  const slots: Record<string, Tensor | number>[] = Array.from({ length: optimizer.slots }, () => ({}));
  for (const [key, value] of Object.entries(optimizer.numbers)) {
    const [index, name] = key.split('.');
    if (slots[Number(index)] !== undefined) slots[Number(index)][name] = value;
  }
  for (const [name, { data, shape, dtype }] of tensors) {
    const tensor: Tensor = fromStorage(data as never, shape, dtype);
    const [part, index, ...rest] = name.split('.');
    if (part === 'model') weights.set(name.slice('model.'.length), tensor);
    else if (slots[Number(index)] !== undefined) slots[Number(index)][rest.join('.')] = tensor;
  }
  model.loadStateDict(weights);
  parts.optimizer.loadStateDict({ groups: optimizer.groups, state: slots });
  parts.schedule?.loadStateDict(schedule as never);
  setDefaultGenerator(Generator.from(random));
  return state;
}

const asStored = (tensor: Tensor): SafeTensor => ({ dtype: tensor.dtype, shape: tensor.shape, data: tensor.data() });
