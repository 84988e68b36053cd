export type { ArrayData } from './array_data.js';
export type { ArrayFile } from './array_file.js';
export { decodeIdx, encodeIdx, openIdx, readIdx } from './idx.js';
export { decodeNpy, encodeNpy, openNpy, readNpy, writeNpy } from './npy.js';
export { decodeNpz, encodeNpz, readNpz, writeNpz } from './npz.js';
export { encodePng, type Pixels } from './png.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  openSafetensors,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from './safetensors.js';
export { arrayDataOf, loadTensors, saveTensors, tensorOf } from './tensors.js';
export { type DrawnGraph, EventWriter } from './tfevents.js';
