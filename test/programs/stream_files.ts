/*
 * Reads files that are larger than its heap, row by row; prints what it read and how much memory it took.
 *
 *     node --max-old-space-size=32 stream_files.ts FOLDER       # with x.npy, x.idx, x.safetensors and x.csv
 */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { AsyncDataLoader, FileDataset, StreamLoader, TensorDataset } from 'adjoint/data';
import { openIdx, openNpy, openSafetensors, streamCsv } from 'adjoint/io';

const [folder] = process.argv.slice(2);
assert.ok(folder, 'usage: stream_files.ts FOLDER');

async function* rows() {
  for await (const table of streamCsv(join(folder, 'x.csv'))) {
    const dataset = new TensorDataset(table.toTensor(['a', 'b']));
    for (let i = 0; i < dataset.length; i++) yield dataset.get(i);
  }
}
const fromSafetensors = (await openSafetensors(join(folder, 'x.safetensors'))).get('x');
assert.ok(fromSafetensors);
const options = { batchSize: 64, shuffle: true, seed: 1 };
const loaders = {
  npy: new AsyncDataLoader(new FileDataset(await openNpy(join(folder, 'x.npy'))), options),
  idx: new AsyncDataLoader(new FileDataset(await openIdx(join(folder, 'x.idx'))), options),
  safetensors: new AsyncDataLoader(new FileDataset(fromSafetensors), options),
  csv: new StreamLoader(rows, { batchSize: 256, shuffle: 1000, seed: 1 }),
};

const before = process.memoryUsage.rss();
let most = 0;
for (const [name, loader] of Object.entries(loaders)) {
  let count = 0;
  let sum = 0;
  for await (const [x] of loader) {
    count += x.shape[0];
    sum += x.sum().item();
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  console.log(name, count, sum);
}
console.log('growth', most);
