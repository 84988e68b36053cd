/*
 * Whether a sentence about a film praises or damns it, by a bidirectional LSTM and by a temporal convolutional network whose
 * word vectors learn with them: at least 75 % of a held-out fifth, which is looked at once, when all is chosen.
 *
 *     npx tsx examples/polarity.ts FOLDER      # with rt-polarity.pos and rt-polarity.neg; a minute or two
 *
 * The sentence polarity data of Pang and Lee, ACL 2005, in UTF-8: in github.com/dennybritz/cnn-text-classification-tf.
 */
import assert from 'node:assert/strict';
import { arange, binaryCrossEntropyWithLogits, concat, Generator, max, nn, optim, seed, type Tensor } from 'adjoint';
import { DataLoader, padSequences, readPolarity, TensorDataset, trainTestSplit, Vocabulary } from 'adjoint/data';
import { binaryAccuracy } from 'adjoint/metrics';
import { earlyStopping, showProgress, Trainer } from 'adjoint/train';

const folder = process.argv[2];
assert.ok(folder, 'usage: npx tsx examples/polarity.ts FOLDER, with rt-polarity.pos and rt-polarity.neg');

/** Words of a sentence at the most: what is longer is cut, what is shorter padded. */
const steps = 40;

const { sentences, labels } = await readPolarity(folder);
const words = sentences.map((sentence) => sentence.split(' '));
const held = trainTestSplit([words, labels], { testSize: 0.2, stratify: labels, generator: new Generator(2) });
const rest = trainTestSplit(held.train, { testSize: 1 / 8, stratify: held.train[1], generator: new Generator(3) });

const specials = { pad: '<pad>', unk: '<unk>' };
const vocabulary = Vocabulary.of(rest.train[0], { minFrequency: 2, specials });

/** Batches of [words [batch, steps], lengths [batch], praise [batch]]. */
function load([words, labels]: readonly [string[][], Tensor<any, 'int32'>], shuffle = false) {
  const { tokens, lengths } = padSequences(
    words.map((sentence) => vocabulary.encode(sentence)),
    { length: steps },
  );
  const dataset = new TensorDataset(tokens, lengths, labels.to('float32'));
  return new DataLoader(dataset, { batchSize: 64, seed: 1, shuffle, dropLast: shuffle });
}
const [train, validation, test] = [load(rest.train, true), load(rest.test), load(held.test)];

type Words = Tensor<any, 'int32'>;

/** Vectors of words, of which some numbers are left out in training. */
class WordVectors extends nn.Module {
  table = new nn.Embedding(vocabulary.size, 64);
  dropout = new nn.Dropout(0.5);

  constructor() {
    super();
    // Short ones, which a few sentences turn to where they belong.
    nn.init.normal(this.table.weight, { std: 0.1 });
  }

  forward(words: Words): Tensor {
    return this.dropout.forward(this.table.forward(words));
  }
}

/** The average of what two directions make of each word. */
class BiLSTM extends nn.Module {
  words = new WordVectors();
  memory = new nn.LSTM(64, 64, { bidirectional: true, batchFirst: true });
  dropout = new nn.Dropout(0.5);
  head = new nn.Linear(128, 1);

  forward(words: Words, lengths: Tensor<any, 'int32'>): Tensor {
    const [output] = this.memory.forward(this.words.forward(words), undefined, { lengths });
    const average = (output as Tensor).sum(1).div(lengths.unsqueeze(1));
    return this.head.forward(this.dropout.forward(average)).squeeze(1);
  }
}

/** The greatest and the average over time of what a temporal convolutional network makes of each word and those before it. */
class TCN extends nn.Module {
  words = new WordVectors();
  net = new nn.TemporalConvNet(64, [96, 96], { kernelSize: 3, dropout: 0.3 });
  dropout = new nn.Dropout(0.5);
  head = new nn.Linear(192, 1);

  forward(words: Words, lengths: Tensor<any, 'int32'>): Tensor {
    const y = this.net.forward(this.words.forward(words).transpose(1, 2));
    // Behind the end 0, the least that comes out of a relu.
    const within = y.mul(arange(steps).lt(lengths.unsqueeze(1)).unsqueeze(1));
    const both = concat([max(within, 2), within.sum(2).div(lengths.unsqueeze(1))], 1);
    return this.head.forward(this.dropout.forward(both)).squeeze(1);
  }
}

for (const { make, lr } of [
  { make: () => new BiLSTM(), lr: 1e-3 },
  { make: () => new TCN(), lr: 2e-3 },
]) {
  seed(1);
  const model = make();
  const { name } = model.constructor;
  const optimizer = new optim.AdamW(model.parameters(), { lr, weightDecay: 0.05 });
  const evaluate = (words: Words, lengths: Tensor<any, 'int32'>, praise: Tensor) => {
    const scores = model.forward(words, lengths);
    const accuracy = scores.gt(0).eq(praise.gt(0)).to('float32').mean();
    return { loss: binaryCrossEntropyWithLogits(scores, praise), accuracy };
  };
  const trainer = new Trainer(
    { model, optimizer },
    {
      evaluate,
      step: (...batch: Parameters<typeof evaluate>) => {
        optimizer.zeroGrad();
        const scores = evaluate(...batch);
        scores.loss.backward();
        optim.clipGradNorm(model.parameters(), 1);
        optimizer.step();
        return scores;
      },
      scores: { accuracy: binaryAccuracy() },
    },
  );
  console.log(
    `${name}: ${vocabulary.size} words, ${model.parameters().reduce((sum, { size }) => sum + size, 0)} parameters`,
  );
  showProgress(trainer, { unit: 'sentences' });
  const best = earlyStopping({ metric: 'accuracy', patience: 3, restoreBest: true });
  await trainer.fit(train, { epochs: 30, validation, callbacks: [best] });
  const { accuracy } = await trainer.evaluate(test);
  console.log(`${name}: ${(100 * accuracy).toFixed(2)} % of the held-out fifth`);
  assert.ok(accuracy >= 0.75, 'at least 75 % of the held-out fifth');
}
