/*
 * MNIST by a perceptron with two hidden layers, above 98 % of the test images.
 *
 *     npx tsx examples/mnist_mlp.ts FOLDER      # with MNIST's four IDX files; a quarter of a minute
 */
import assert from 'node:assert/strict';
import { crossEntropy, nn, optim, seed } from 'adjoint';
import { DataLoader, digitDataset, readMnist } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { showProgress, Trainer } from 'adjoint/train';

const folder = process.argv[2];
assert.ok(folder, 'usage: npx tsx examples/mnist_mlp.ts FOLDER');

seed(1);
const digits = await readMnist(folder);
const batches = new DataLoader(digitDataset(digits.train), { batchSize: 128, shuffle: true, seed: 1 });
const test = new DataLoader(digitDataset(digits.test), { batchSize: 500 });

const model = new nn.Sequential(
  new nn.Flatten(),
  new nn.Linear(784, 256),
  new nn.ReLU(),
  new nn.Dropout(0.2),
  new nn.Linear(256, 128),
  new nn.ReLU(),
  new nn.Linear(128, 10),
);
const optimizer = new optim.AdamW(model.parameters(), { lr: 2e-3 });
const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: 10 });
const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, metrics: { accuracy } });

showProgress(trainer, { unit: 'images' });
await trainer.fit(batches, { epochs: 10, validation: test });
const scores = await trainer.evaluate(test);
console.log(`test accuracy ${(100 * scores.accuracy).toFixed(2)} %`);
assert.ok(scores.accuracy > 0.98, 'above 98 % of the test images');
