/* onnxruntime-node as a competitor: onnxruntime.ts FOLDER MODELS THREADS. Asked "inference NAME float32". */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { measureAsync } from '../measure.js';
import { networks, normalised } from '../models.js';
import { serve } from '../serve.js';

const [folder, models, threads] = process.argv.slice(2);
const require = createRequire(resolve(folder, 'package.json'));
const ort = require('onnxruntime-node');

await serve(`onnxruntime-node ${require('onnxruntime-node/package.json').version}`, async (words) => {
  const [, name] = words.split(' ');
  const network = [...networks, ...normalised].find(({ ask }) => words === `inference ${ask} float32`);
  if (network === undefined) throw new Error('only inference in float32');
  const session = await ort.InferenceSession.create(join(models, `${name}.onnx`), {
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const size = network.input.reduce((product, length) => product * length, 1);
  const x = new ort.Tensor('float32', Float32Array.from({ length: size }, Math.random), network.input);
  return (seconds) => measureAsync(() => session.run({ x }), seconds);
});
