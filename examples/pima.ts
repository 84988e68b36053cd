/*
 * Who of 768 women has diabetes, from eight measurements, by a network of 8, 12, 8 and 1 units, 221 parameters: its accuracy
 * in ten-fold cross-validation, where the larger class is 65.1 % of all.
 *
 *     npx tsx examples/pima.ts FILE      # pima-indians-diabetes.csv of github.com/jbrownlee/Datasets; some seconds
 */
import assert from 'node:assert/strict';
import { binaryCrossEntropy, nn, optim, seed, type Tensor } from 'adjoint';
import { DataLoader, StandardScaler, stratifiedKFold, TensorDataset, takeRows } from 'adjoint/data';
import { readCsv } from 'adjoint/io';
import { binaryAccuracy } from 'adjoint/metrics';
import { crossValidate } from 'adjoint/search';
import { Trainer } from 'adjoint/train';

const file = process.argv[2];
assert.ok(file, 'usage: npx tsx examples/pima.ts FILE');
const table = await readCsv(file, { header: false });
const x = table.toTensor(table.names.slice(0, 8));
const y = table.toTensor('column9').to('float32').reshape([-1, 1]);

/** 8-12-8-1: 8 · 12 + 12 + 12 · 8 + 8 + 8 + 1 = 221 parameters. */
class Classifier extends nn.Module {
  hidden1 = new nn.Linear(8, 12);
  hidden2 = new nn.Linear(12, 8);
  output = new nn.Linear(8, 1);
  override forward(x: Tensor<[number, 8]>): Tensor<[number, 1]> {
    return this.output.forward(this.hidden2.forward(this.hidden1.forward(x).relu()).relu()).sigmoid();
  }
}
assert.equal(
  new Classifier().parameters().reduce((count, { size }) => count + size, 0),
  221,
);

seed(1);
const { summary } = await crossValidate(
  async ({ train, test }) => {
    const scaler = new StandardScaler();
    const known = scaler.fitTransform(takeRows(x, train));
    const model = new Classifier();
    const trainer = new Trainer(model, {
      optimizer: new optim.Adam(model.parameters(), { lr: 0.001 }),
      loss: binaryCrossEntropy,
      metrics: { accuracy: binaryAccuracy() },
    });
    const batches = new DataLoader(new TensorDataset(known, takeRows(y, train)), {
      batchSize: 10,
      shuffle: true,
      seed: 1,
    });
    await trainer.fit(batches, { epochs: 30 });
    const unknown = new TensorDataset(scaler.transform(takeRows(x, test)), takeRows(y, test));
    return trainer.evaluate(new DataLoader(unknown, { batchSize: 100 }));
  },
  stratifiedKFold(y.reshape([-1]).to('int32').data(), 10, { shuffle: true }),
  { progress: ({ accuracy }, done) => console.log(`part ${done}: ${(100 * accuracy).toFixed(1)} %`) },
);
const { mean, standardError } = summary.accuracy;
console.log(`accuracy ${(100 * mean).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`);
assert.ok(mean >= 0.74, `74 % at least; got ${(100 * mean).toFixed(1)} %`);
