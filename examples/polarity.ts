/*
 * Whether a sentence about a film praises or damns it, by a bidirectional LSTM and by a temporal convolutional network whose
 * word vectors learn with them: at least 75 % of a held-out fifth.
 *
 *     npx tsx examples/polarity.ts FOLDER      # with rt-polarity.pos and rt-polarity.neg; four minutes
 *
 * The sentence polarity data of Pang and Lee, ACL 2005, in UTF-8: in github.com/dennybritz/cnn-text-classification-tf.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  arange,
  binaryCrossEntropyWithLogits,
  capture,
  Generator,
  max,
  nn,
  noGrad,
  optim,
  randperm,
  seed,
  type Tensor,
  tensor,
} from 'adjoint';

const folder = process.argv[2];
assert.ok(folder, 'usage: npx tsx examples/polarity.ts FOLDER, with rt-polarity.pos and rt-polarity.neg');

/** Words of a sentence at the most: what is longer is cut, what is shorter padded. */
const steps = 40;

interface Sentence {
  words: string[];
  praise: number;
}
const read = (file: string, praise: number): Sentence[] =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ words: line.trim().split(' ').slice(0, steps), praise }));
const sentences = [...read('rt-polarity.pos', 1), ...read('rt-polarity.neg', 0)];
const order = randperm(sentences.length, { generator: new Generator(1) }).data();
const mixed = Array.from(order, (i) => sentences[i]);
const fifth = Math.floor(mixed.length / 5);
const [test, validation, training] = [mixed.slice(0, fifth), mixed.slice(fifth, 1.5 * fifth), mixed.slice(1.5 * fifth)];

/** Words that training has at least twice get numbers; 0 is padding, 1 every other word. */
const counts = new Map<string, number>();
for (const word of training.flatMap(({ words }) => words)) counts.set(word, (counts.get(word) ?? 0) + 1);
const known = [...counts].filter(([, count]) => count > 1).map(([word]) => word);
const numbers = new Map(known.map((word, i) => [word, i + 2]));

type Batch = [words: Tensor<any, 'int32'>, lengths: Tensor<any, 'int32'>, praise: Tensor];

/** [steps, batch], [batch], [batch] */
function batchOf(part: readonly Sentence[]): Batch {
  const words = Array.from({ length: steps }, (_, t) =>
    part.map(({ words }) => (t < words.length ? (numbers.get(words[t]) ?? 1) : 0)),
  );
  return [
    tensor(words, { dtype: 'int32' }),
    tensor(
      part.map(({ words }) => words.length),
      { dtype: 'int32' },
    ),
    tensor(part.map(({ praise }) => praise)),
  ];
}

/** Batches of 64, without a smaller one at the end, or all. */
function* batches(part: readonly Sentence[], rest: boolean): Iterable<Batch> {
  for (let i = 0; i + (rest ? 1 : 64) <= part.length; i += 64) yield batchOf(part.slice(i, i + 64));
}

/** Vectors of words, of which some are left out in training. */
class Words extends nn.Module {
  table = new nn.Embedding(numbers.size + 2, 64);
  dropout = new nn.Dropout(0.5);

  constructor() {
    super();
    // Short ones, which a few sentences turn to where they belong.
    nn.init.normal(this.table.weight, { std: 0.1 });
  }

  forward(words: Tensor): Tensor {
    return this.dropout.forward(this.table.forward(words as Tensor<any, 'int32'>)) as Tensor;
  }
}

/** The average of what two directions make of each word. */
class BiLSTM extends nn.Module {
  words = new Words();
  memory = new nn.LSTM(64, 64, { bidirectional: true });
  dropout = new nn.Dropout(0.5);
  head = new nn.Linear(128, 1);

  forward(words: Tensor, lengths: Tensor<any, 'int32'>): Tensor {
    const [output] = this.memory.forward(this.words.forward(words), undefined, { lengths });
    const average = (output as Tensor).sum(0).div(lengths.unsqueeze(1));
    return this.head.forward(this.dropout.forward(average)).squeeze(1);
  }
}

/** The greatest over time of what a temporal convolutional network makes of each word and those before it. */
class TCN extends nn.Module {
  words = new Words();
  net = new nn.TemporalConvNet(64, [96, 96], { kernelSize: 3, dropout: 0.3 });
  dropout = new nn.Dropout(0.5);
  head = new nn.Linear(96, 1);

  forward(words: Tensor, lengths: Tensor<any, 'int32'>): Tensor {
    const y = this.net.forward(this.words.forward(words).permute([1, 2, 0]));
    // Behind the end 0, the least that comes out of a relu.
    const within = arange(steps).lt(lengths.unsqueeze(1)).unsqueeze(1);
    const greatest: Tensor = max(y.mul(within), 2);
    return this.head.forward(this.dropout.forward(greatest)).squeeze(1);
  }
}

type Model = BiLSTM | TCN;

function accuracyOf(model: Model, part: readonly Sentence[]): number {
  model.eval();
  let right = 0;
  for (const [words, lengths, praise] of batches(part, true)) {
    const scores = noGrad(() => model.forward(words, lengths));
    right += scores.gt(0).eq(praise.gt(0)).sum().item();
  }
  model.train();
  return right / part.length;
}

/** Trains until the validation part says that it became worse, and goes back to the best. */
function train(model: Model, lr: number): void {
  const optimizer = new optim.AdamW(model.parameters(), { lr, weightDecay: 0.05 });
  const step = capture((words: Tensor, lengths: Tensor, praise: Tensor) => {
    optimizer.zeroGrad();
    const scores = model.forward(words, lengths as Tensor<any, 'int32'>);
    const loss = binaryCrossEntropyWithLogits(scores, praise);
    loss.backward();
    optim.clipGradNorm(model.parameters(), 1);
    optimizer.step();
    return loss;
  });
  let best = { accuracy: 0, state: new Map<string, Tensor>(), epoch: 0 };
  for (let epoch = 1; epoch <= best.epoch + 3; epoch++) {
    const mixed = Array.from(randperm(training.length).data(), (i) => training[i]);
    const losses = [...batches(mixed, false)].map((batch) => step(...batch).item());
    const loss = losses.reduce((a, b) => a + b) / losses.length;
    const accuracy = accuracyOf(model, validation);
    console.log(`  epoch ${epoch}: loss ${loss.toFixed(3)}, validation ${(100 * accuracy).toFixed(2)} %`);
    if (accuracy > best.accuracy) {
      best = { accuracy, epoch, state: new Map([...model.stateDict()].map(([name, x]) => [name, x.clone()])) };
    }
  }
  model.loadStateDict(best.state);
}

for (const { make, lr } of [
  { make: () => new BiLSTM(), lr: 1e-3 },
  { make: () => new TCN(), lr: 2e-3 },
]) {
  seed(1);
  const began = performance.now();
  const model = make();
  const { name } = model.constructor;
  const parameters = model.parameters().reduce((sum, { size }) => sum + size, 0);
  console.log(`${name}: ${known.length} words, ${parameters} parameters`);
  train(model, lr);
  const accuracy = accuracyOf(model, test);
  const minutes = (performance.now() - began) / 60_000;
  console.log(`${name}: ${(100 * accuracy).toFixed(2)} % of the held-out fifth, ${minutes.toFixed(1)} minutes`);
  assert.ok(accuracy >= 0.75, 'at least 75 % of the held-out fifth');
}
