import { checkInstance, checkIterable, checkObject } from '../core/check.js';
import { fromStorage } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import type { ArrayData } from './array_data.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/**
 * Writes named tensors, e.g. a model's `stateDict()`, as a safetensors file that Python reads too; an existing file is
 * replaced at once or not at all.
 *
 *     await saveTensors('model.safetensors', model.stateDict());
 *
 * @param tensors   names and tensors: a Map, or pairs
 * @param metadata  text to keep beside them; default none
 * @throws ValueError for a name or text that the format does not allow
 */
export async function saveTensors(
  path: string,
  tensors: Iterable<readonly [string, Tensor]>,
  metadata: Record<string, string> = {},
): Promise<void> {
  checkIterable('saveTensors', 'tensors', tensors);
  const arrays = [...tensors].map(([name, x]) => [name, arrayDataOf(x)] as const);
  await writeSafetensors(path, new Map(arrays), metadata);
}

/**
 * Reads the tensors of a safetensors file by name.
 *
 *     model.loadStateDict(await loadTensors('model.safetensors'));
 *
 * @throws FormatError for a file that is missing or not what it claims to be; see `readSafetensors`
 */
export async function loadTensors(path: string): Promise<Map<string, Tensor>> {
  const { tensors } = await readSafetensors(path);
  return new Map([...tensors].map(([name, array]) => [name, tensorOf(array)]));
}

/** A copy of a tensor's elements, as the writers take them. */
export function arrayDataOf(x: Tensor): ArrayData {
  checkInstance('arrayDataOf', 'x', x, Tensor);
  return { dtype: x.dtype, shape: x.shape, data: x.data() } as ArrayData;
}

/** A tensor over an array that a reader made, which is not copied. */
export function tensorOf(array: ArrayData): Tensor {
  checkObject('tensorOf', 'the array', array, ['data', 'shape', 'dtype']);
  return fromStorage(array.data, array.shape, array.dtype);
}
