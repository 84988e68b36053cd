export type { ArrayData } from './array_data.js';
export { decodeIdx, encodeIdx, readIdx } from './idx.js';
export { encodePng, type Pixels } from './png.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from './safetensors.js';
export { loadTensors, saveTensors } from './tensors.js';
export { type DrawnGraph, EventWriter } from './tfevents.js';
