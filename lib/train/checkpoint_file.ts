import { FormatError } from '../core/errors.js';
import type { Tensor } from '../tensor/tensor.js';

/** What a checkpoint's file has: JSON by section, and tensors by name. */
export interface CheckpointFile {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** JSON of a section. */
export function section(
  { path, metadata }: CheckpointFile,
  name: string,
  reviver?: (key: string, value: unknown) => unknown,
): unknown {
  try {
    return JSON.parse(metadata[name], reviver);
  } catch (cause) {
    throw new FormatError(`resume: ${path} has no readable section '${name}'; use an earlier checkpoint`, { cause });
  }
}
