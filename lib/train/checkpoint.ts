import { kindOf } from '../autodiff/tree.js';
import { AdjointError, FormatError, StateError, ValueError } from '../core/errors.js';
import type { Stateful } from '../core/state.js';
import { readSafetensors } from '../io/safetensors.js';
import { saveTensors, tensorOf } from '../io/tensors.js';
import { Tensor } from '../tensor/tensor.js';
import { type CheckpointFile, section } from './checkpoint_file.js';
import { statesOfVersion1 } from './checkpoint_version_1.js';

/** Raised when a checkpoint's meaning changes; older ones are then converted or refused, never misread. */
const version = '2';

/** What a checkpoint is of, by name; each is put back after those before it. */
export type CheckpointParts = Readonly<Record<string, Stateful>>;

/*
 * One safetensors file, so that one rename replaces all of it. Each part's state is JSON in the metadata, under its name,
 * in which { "$tensor": name } stands for a tensor of the file, { "$map": … } for a Map, { "$number": … } for what JSON
 * cannot write; `parts` lists the names.
 */

export async function writeCheckpoint(path: string, parts: CheckpointParts): Promise<void> {
  const tensors = new Map<string, Tensor>();
  const sections = Object.entries(parts).map(
    ([name, part]) => [name, JSON.stringify(pack(part.stateDict(), name, tensors))] as const,
  );
  const names = JSON.stringify(Object.keys(parts));
  await saveTensors(path, tensors, {
    format: 'adjoint-checkpoint',
    version,
    parts: names,
    ...Object.fromEntries(sections.map(([name, json]) => [`part.${name}`, json])),
  });
}

/** Puts a checkpoint back: all of it or, if anything does not fit, nothing. */
export async function readCheckpoint(path: string, parts: CheckpointParts): Promise<void> {
  const { tensors: arrays, metadata } = await readSafetensors(path);
  const { format = 'unknown', version: found = 'unknown' } = metadata;
  if (format !== 'adjoint-checkpoint' || !['1', version].includes(found)) {
    throw new FormatError(
      `resume: ${path} must be an adjoint-checkpoint of version ${version} or 1; it is of format ${format}, version ${found}`,
    );
  }
  const tensors = new Map([...arrays].map(([name, array]) => [name, tensorOf(array)]));
  const file = { path, metadata, tensors };
  const undo: (() => void)[] = [];
  try {
    const states = found === '1' ? statesOfVersion1(file) : statesOf(file);
    checkParts(path, Object.keys(states), Object.keys(parts));
    for (const [name, part] of Object.entries(parts)) {
      const before = copied(part.stateDict());
      part.loadStateDict(states[name]);
      undo.unshift(() => part.loadStateDict(before));
    }
  } catch (cause) {
    for (const putBack of undo) putBack();
    if (cause instanceof AdjointError) throw cause;
    throw new FormatError(`resume: ${path} is damaged: ${(cause as Error).message}; use an earlier checkpoint`, {
      cause,
    });
  }
}

function statesOf(file: CheckpointFile): Record<string, unknown> {
  const names = section(file, 'parts') as string[];
  return Object.fromEntries(names.map((name) => [name, unpack(section(file, `part.${name}`), file.tensors)]));
}

function checkParts(path: string, found: readonly string[], expected: readonly string[]): void {
  if (found.length === expected.length && expected.every((name) => found.includes(name))) return;
  throw new StateError(
    `resume: ${path} was written of ${found.join(', ')}; this trainer has ${expected.join(', ')}; build it with the same parts`,
  );
}

/** A state as JSON; its tensors go to the file under their path. */
function pack(state: unknown, path: string, tensors: Map<string, Tensor>): unknown {
  if (state instanceof Tensor) {
    tensors.set(path, state);
    return { $tensor: path };
  }
  if (typeof state === 'number' && !Number.isFinite(state)) return { $number: String(state) };
  if (typeof state !== 'object' || state === null) return state;
  const inner = (of: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, pack(value, `${path}.${key}`, tensors)]));
  if (state instanceof Map) return { $map: inner(Object.fromEntries(state)) };
  if (Array.isArray(state)) return Object.values(inner(state));
  if (kindOf(state) !== 'an object') {
    throw new ValueError(`save: a state must be JSON, maps and tensors; got ${kindOf(state)} at ${path}`);
  }
  return inner(state);
}

function unpack(json: unknown, tensors: ReadonlyMap<string, Tensor>): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((value) => unpack(value, tensors));
  const { $tensor, $number, $map } = json as Record<string, unknown>;
  if (typeof $tensor === 'string') {
    const tensor = tensors.get($tensor);
    if (tensor === undefined) throw new FormatError(`resume: there is no tensor ${$tensor}; use an earlier checkpoint`);
    return tensor;
  }
  if (typeof $number === 'string') return Number($number);
  const entries = Object.entries($map ?? json).map(([key, value]) => [key, unpack(value, tensors)] as const);
  return $map === undefined ? Object.fromEntries(entries) : new Map(entries);
}

/** A state that shares no memory with its part. */
function copied(state: unknown): unknown {
  if (state instanceof Tensor) return state.clone();
  if (state instanceof Map) return new Map([...state].map(([key, value]) => [key, copied(value)]));
  if (Array.isArray(state)) return state.map(copied);
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, copied(value)]));
}
