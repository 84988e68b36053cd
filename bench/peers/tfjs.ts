/* TensorFlow.js as a competitor: tfjs.ts FOLDER cpu|wasm. Networks but recurrent ones, sums, products, tiny ops. */
import { createRequire } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import { measure } from '../measure.js';
import { serve } from '../serve.js';

const [folder, kind] = process.argv.slice(2);
const require = createRequire(resolve(folder, 'package.json'));
// It greets on standard output, which is for answers.
const { log } = console;
console.log = console.warn = console.error;
const tf = require('@tensorflow/tfjs');
if (kind === 'wasm') {
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
}
await tf.setBackend(kind);
await tf.ready();
console.log = log;

const { conv2d, dense, flatten, lstm, maxPooling2d } = tf.layers;
const activation = 'relu';
const conv = (filters: number, kernelSize: number, padding: string, rest = {}) =>
  conv2d({ filters, kernelSize, padding, activation, ...rest });
const pool = () => maxPooling2d({ poolSize: 2 });

/** Layers and the input's shape; images have their channels last here, sequences their batch first. */
const models: Record<string, () => { layers: unknown[]; input: number[] }> = {
  mlp: () => ({
    layers: [
      dense({ inputShape: [784], units: 512, activation }),
      dense({ units: 256, activation }),
      dense({ units: 10 }),
    ],
    input: [128, 784],
  }),
  small: () => ({
    layers: [dense({ inputShape: [64], units: 32, activation }), dense({ units: 10 })],
    input: [32, 64],
  }),
  lenet: () => ({
    layers: [
      ...[conv(6, 5, 'same', { inputShape: [28, 28, 1] }), pool(), conv(16, 5, 'valid'), pool(), flatten()],
      ...[dense({ units: 120, activation }), dense({ units: 84, activation }), dense({ units: 10 })],
    ],
    input: [64, 28, 28, 1],
  }),
  vgg: () => ({
    layers: [
      ...[conv(64, 3, 'same', { inputShape: [32, 32, 3] }), conv(64, 3, 'same'), pool()],
      ...[conv(128, 3, 'same'), conv(128, 3, 'same'), pool(), flatten(), dense({ units: 10 })],
    ],
    input: [32, 32, 32, 3],
  }),
  lstm: () => ({
    layers: [lstm({ inputShape: [32, 64], units: 256, recurrentInitializer: 'glorotNormal' }), dense({ units: 10 })],
    input: [64, 32, 64],
  }),
};

function network(name: string, training: boolean): () => unknown {
  if (models[name] === undefined) throw new Error('no such network');
  const { layers, input } = models[name]();
  const model = tf.sequential({ layers });
  const x = tf.randomNormal(input);
  if (!training) return () => model.predictOnBatch(x);
  const labels = tf.oneHot(tf.randomUniform([input[0]], 0, 10, 'int32'), 10).toFloat();
  const optimizer = tf.train.adam(1e-3);
  const variables = model.trainableWeights.map(({ val }: { val: unknown }) => val);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }));
  return () => optimizer.minimize(loss, false, variables);
}

function product(dtype: string, transposed: string, ...sizes: string[]): () => unknown {
  const [batch, m, n, k] = sizes.map(Number);
  if (dtype !== 'float32') throw new Error(`no ${dtype}`);
  const [ta, tb] = [transposed[0] === 'T', transposed[1] === 'T'];
  const a = tf.randomNormal(ta ? [batch, k, m] : [batch, m, k]);
  const b = tf.randomNormal(tb ? [batch, n, k] : [batch, k, n]);
  return () => tf.matMul(a, b, ta, tb);
}

function tiny(...words: string[]): () => unknown {
  const [a, b] = [tf.randomNormal([16]), tf.randomNormal([16])];
  if (words.join(' ') === 'add') return () => a.add(b);
  const gradient = tf.grad((x: typeof a) => x.mul(b).sum());
  if (words.join(' ') === 'backward') return () => gradient(a);
  throw new Error('no such work');
}

function sum(count: string): () => unknown {
  const [a, b] = [tf.randomNormal([Number(count)]), tf.randomNormal([Number(count)])];
  return () => a.add(b);
}

const works: Record<string, (...words: string[]) => () => unknown> = {
  training: (name) => network(name, true),
  inference: (name) => network(name, false),
  gemm: product as (...words: string[]) => () => unknown,
  tiny,
  sum,
};

await serve(`tfjs ${tf.version.tfjs}, ${tf.getBackend()}`, (words) => {
  const [work, ...rest] = words.split(' ');
  if (works[work] === undefined) throw new Error('no such work');
  const call = works[work](...rest);
  return (seconds) => measure(() => tf.tidy(() => void call()), seconds);
});
