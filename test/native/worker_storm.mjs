// Run by workers.test.ts: worker threads that load the addon, compute on the shared pool and end, some of them torn down in
// the middle of a kernel, while the main thread computes too. Exits with 0 if every result was right.
//
//   node worker_storm.mjs <workers> <elements> <repeats>
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const root = fileURLToPath(new URL('../..', import.meta.url));
const float32 = 4; // its code among the addon's dtypes
let addon;

/** Calls a kernel on whole float32 arrays, as lib/backend/native.ts does on views. */
function run(kernel, ...arrays) {
  const views = arrays.flatMap((array) => [addon.addressOf(array), array.byteLength, 1, float32, 0, array.length, 1]);
  addon.record.set([addon.kernels.indexOf(kernel), arrays.length, 0, ...views]);
  addon.run();
}

/** y = eᵃ + a over arrays large enough that both threads take part; throws unless each element is right. */
function compute(elements, seed) {
  addon ??= createRequire(import.meta.url)('node-gyp-build')(root);
  addon.setThreads(2);
  const a = new Float32Array(elements).fill(seed);
  const exponential = new Float32Array(elements);
  const y = new Float32Array(elements);
  run('exp', exponential, a);
  run('add', y, exponential, a);
  const expected = Math.exp(a[0]) + a[0];
  for (let i = 0; i < elements; i++) {
    if (Math.abs(y[i] - expected) > 1e-5 * expected) throw new Error(`y[${i}] is ${y[i]}; expected ${expected}`);
  }
}

if (isMainThread) {
  const [workers, elements, repeats] = process.argv.slice(2).map(Number);
  const atOnce = 4;
  let started = 0;
  let finished = 0;
  async function runWorker(number) {
    const torn = number % 4 === 3;
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { elements, repeats, seed: 1 + number / workers, torn },
    });
    const ended = new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
    if (torn) worker.once('message', () => setTimeout(() => worker.terminate(), number % 8));
    const code = await ended;
    if (code !== (torn ? 1 : 0)) throw new Error(`worker ${number} ended with ${code}`);
    finished++;
  }
  async function lane() {
    while (started < workers) {
      await runWorker(started++);
      compute(elements, 1.5);
    }
  }
  // The first one alone, and before the main thread loads the addon: when it ends, nobody holds the addon any more, and
  // the pool's threads still run.
  await runWorker(started++);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await Promise.all(Array.from({ length: atOnce }, lane));
  console.log(`${finished} workers`);
} else {
  const { elements, repeats, seed, torn } = workerData;
  for (let i = 0; i < repeats; i++) compute(elements, seed);
  if (torn) parentPort.postMessage('computing');
  while (torn) compute(elements, seed);
}
