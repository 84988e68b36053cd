import '../ops/methods.js';

export type { ArrayData } from './array_data.js';
export type { ArrayFile } from './array_file.js';
export { type CsvOptions, parseCsv, readCsv, streamCsv } from './csv.js';
export type { Column, ColumnType } from './csv_types.js';
export { type DownloadOptions, download } from './download.js';
export { decodeIdx, encodeIdx, openIdx, readIdx } from './idx.js';
export {
  decodeImage,
  encodeImage,
  type ImageFormat,
  type ImageLayout,
  type ImageOptions,
  type Picture,
  readImage,
  writeImage,
} from './images.js';
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
export { Table } from './table.js';
export { arrayDataOf, loadTensors, saveTensors, tensorOf } from './tensors.js';
export { type DrawnGraph, EventWriter } from './tfevents.js';
