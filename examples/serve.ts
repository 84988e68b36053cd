/*
 * Trains in a worker thread and answers over HTTP meanwhile, always with the weights of the last finished step.
 *
 *   npx tsx examples/serve.ts [--port 8080] [--digits 60000] [--epochs 20] [--checkpoint FILE]
 *
 *   curl localhost:8080/status                                   step, epochs, paused, last scores
 *   curl --data-binary @digit.raw localhost:8080/predict         784 bytes, 28×28 row by row, 255 is ink
 *   curl -X POST localhost:8080/pause                            also: resume, stop
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { noGrad, softmax, tensor } from 'adjoint';
import { digitDataset } from 'adjoint/data';
import { showProgress, startJob, stopOnInterrupt } from 'adjoint/train';
import type train from './serve.job.js';
import { makeModel } from './serve.job.js';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    digits: { type: 'string', default: '60000' },
    epochs: { type: 'string', default: '20' },
    checkpoint: { type: 'string', default: join(tmpdir(), 'adjoint-serve.safetensors') },
  },
});
const epochs = Number(options.epochs);

const job = startJob<typeof train>(new URL('./serve.job.ts', import.meta.url), {
  data: { digits: Number(options.digits), epochs, checkpoint: options.checkpoint },
});
showProgress(job, { unit: 'digits' });
stopOnInterrupt(job);
job.on('log', (message) => console.error(message));
await job.ready;

const model = makeModel().eval();
let loaded = -1;

/** What the digit is, by the weights of which step. */
function predict(pixels: Uint8Array) {
  if (job.step !== loaded) {
    const { step, state } = job.weights();
    model.loadStateDict(state);
    loaded = step;
  }
  // Scaled as the digits that the job trains on.
  const digit = { images: tensor(pixels, { shape: [1, 28, 28] }), labels: tensor(Int32Array.of(0)) };
  const [x] = digitDataset(digit).tensors;
  const probabilities = noGrad(() => softmax(model.forward(x), 1).data());
  const probability = Math.max(...probabilities);
  return { digit: probabilities.indexOf(probability), probability, step: loaded };
}

let scores: unknown = null;
job.on('epoch', (record) => {
  scores = record;
});

let paused = false;
job.on('pause', () => {
  paused = true;
});
job.on('resume', () => {
  paused = false;
});

async function answer(request: IncomingMessage): Promise<unknown> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /status':
      return { step: job.step, epochs, paused, scores };
    case 'POST /predict': {
      const pixels = await buffer(request);
      return pixels.length === 784 ? predict(pixels) : undefined;
    }
    case 'POST /pause':
    case 'POST /resume':
    case 'POST /stop':
      job[request.url?.slice(1) as 'pause' | 'resume' | 'stop']();
      return { step: job.step };
    default:
      return undefined;
  }
}

const server = createServer(async (request, response) => {
  const result = await answer(request);
  response.writeHead(result === undefined ? 400 : 200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(result ?? { error: 'GET /status, POST /predict with 784 bytes, /pause, /resume or /stop' }),
  );
});
server.listen(Number(options.port), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`);
});

const history = await job.finished;
server.close();
const best = Math.max(...history.map(({ validation }) => validation?.accuracy ?? 0));
if (history.length > 0 && best < 0.85) throw new Error(`validation accuracy ${best}; expected at least 0.85`);
console.log(`${history.length} epochs, validation accuracy ${(100 * best).toFixed(2)} %`);
