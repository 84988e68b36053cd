export type { ArrayData } from './array_data.js';
export { decodeIdx, encodeIdx, readIdx } from './idx.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from './safetensors.js';
export { loadTensors, saveTensors } from './tensors.js';
