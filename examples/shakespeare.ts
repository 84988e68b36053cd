/*
 * Learns to write plays letter by letter: a Transformer of four layers, to a validation loss of 1.70 nats a letter.
 *
 *     npx tsx examples/shakespeare.ts FILE      # tinyshakespeare's input.txt; 13 minutes on two cores
 *
 *     --steps 3200    of 32 passages each
 *     --width 160     of a position; four heads
 *     --below 1.7     the validation loss that must be reached
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  autocast,
  capture,
  crossEntropy,
  Generator,
  linear,
  nn,
  noGrad,
  optim,
  seed,
  type Tensor,
  tensor,
} from 'adjoint';
import { CharacterTokenizer } from 'adjoint/data';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '3200' },
    width: { type: 'string', default: '160' },
    below: { type: 'string', default: '1.7' },
  },
});
const [file] = positionals;
assert.ok(file, 'usage: npx tsx examples/shakespeare.ts FILE [--steps 3200] [--width 160] [--below 1.7]');
const [steps, width, below] = [values.steps, values.width, values.below].map(Number);
const [context, batch] = [128, 32];

seed(1);
const text = readFileSync(file, 'utf8');
const letters = CharacterTokenizer.train(text);
const all = letters.encode(text);
const split = Math.floor(0.9 * all.length);
const [training, validation] = [all.subarray(0, split), all.subarray(split)];

class Writer extends nn.Module {
  readonly embedding = new nn.Embedding(letters.size, width);
  readonly positions = new nn.LearnedPositions(context, width, { batchFirst: true });
  readonly layers = new nn.TransformerEncoder(
    () => new nn.TransformerEncoderLayer(width, 4, layer),
    4,
    new nn.LayerNorm(width),
  );

  constructor() {
    super();
    nn.init.normal(this.embedding.weight, { std: 0.02 });
  }

  /** Scores of the next letter at every place: tokens [N, L] → [N, L, letters]. Embeddings are also the last map. */
  forward(tokens: Tensor<any, 'int32'>, cache?: nn.KeyValueCache[], positions?: Tensor<any, 'int32'>): Tensor {
    const x: Tensor = this.positions.forward(this.embedding.forward(tokens), positions);
    const y = this.layers.forward(x, cache === undefined ? { causal: true } : { cache });
    return linear(y, this.embedding.weight);
  }
}
const layer = {
  dimFeedforward: 4 * width,
  dropout: 0.1,
  activation: 'gelu',
  batchFirst: true,
  normFirst: true,
} as const;

const model = new Writer();
const matrices = model.parameters().filter(({ rank }) => rank > 1);
const others = model.parameters().filter(({ rank }) => rank <= 1);
const optimizer = new optim.AdamW(
  [
    { parameters: matrices, weightDecay: 0.1 },
    { parameters: others, weightDecay: 0 },
  ],
  { lr: 1e-3, betas: [0.9, 0.98] },
);
const schedule = new optim.OneCycleLR(optimizer, {
  maxLr: 3e-3,
  totalSteps: steps,
  pctStart: 0.1,
  cycleMomentum: false,
});

const loss = (x: Tensor<any, 'int32'>, y: Tensor<any, 'int32'>): Tensor =>
  autocast('bfloat16', () => crossEntropy(model.forward(x).reshape([-1, letters.size]), y.reshape([-1])));
const step = capture((x: Tensor<any, 'int32'>, y: Tensor<any, 'int32'>) => {
  optimizer.zeroGrad();
  const value = loss(x, y);
  value.backward();
  optim.clipGradNorm(model.parameters(), 1);
  optimizer.step();
  return value.detach();
});
const evaluate = capture((x: Tensor<any, 'int32'>, y: Tensor<any, 'int32'>) => noGrad(() => loss(x, y)));

/** Passages that begin at these places, and the letters that follow each of theirs. */
function passages(source: Int32Array, starts: readonly number[]): [x: Tensor<any, 'int32'>, y: Tensor<any, 'int32'>] {
  const [x, y] = [0, 1].map((shift) => {
    const rows = new Int32Array(starts.length * context);
    starts.forEach((start, i) => {
      rows.set(source.subarray(start + shift, start + shift + context), i * context);
    });
    return tensor(rows, { shape: [starts.length, context] });
  });
  return [x, y];
}

/** The mean loss over the validation text, in passages side by side. */
function validate(): number {
  const starts = Array.from({ length: Math.floor((validation.length - 1) / context) }, (_, i) => i * context);
  let sum = 0;
  model.eval();
  for (let i = 0; i < starts.length; i += batch) {
    const some = starts.slice(i, i + batch);
    sum += evaluate(...passages(validation, some)).item() * some.length;
  }
  model.train();
  return sum / starts.length;
}

const random = new Generator(2);
const begin = performance.now();
let [mean, reached] = [Math.log(letters.size), Infinity];
for (let at = 1; at <= steps; at++) {
  const starts = Array.from({ length: batch }, () => Math.floor(random.next() * (training.length - context)));
  const value = step(...passages(training, starts)).item();
  schedule.step();
  mean = 0.98 * mean + 0.02 * value;
  if (at % 400 !== 0 && at !== steps) continue;
  reached = validate();
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(`step ${at}: loss ${mean.toFixed(4)}, validation ${reached.toFixed(4)}, ${seconds} s`);
}

/** Continues a letter, each next one by one replay of a captured step and what is cached of those before. */
function write(first: string, length: number): string {
  model.eval();
  return noGrad(() => {
    const cache = model.layers.newCache(1, context);
    const next = capture(
      (token: Tensor<any, 'int32'>, position: Tensor<any, 'int32'>): Tensor<[number]> =>
        model.forward(token, cache, position).reshape([-1]).softmax(),
    );
    let written = first;
    for (let at = 0; at < length; at++) {
      const [token, position] = [letters.encode(written[at]), Int32Array.of(at)].map((values) => tensor(values));
      // The letter at a random share of all.
      const shares: Float32Array = next(token.reshape([1, 1]), position)
        .cumsum(-1)
        .data();
      const share = random.next() * shares[shares.length - 1];
      written += letters.decode([shares.findIndex((sum: number) => sum >= share)]);
    }
    return written;
  });
}
console.log(write(text[0], context - 1));

assert.ok(reached <= below, `a validation loss of ${below} at most; got ${reached.toFixed(4)}`);
