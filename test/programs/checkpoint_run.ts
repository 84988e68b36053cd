import { crossEntropy, nn, optim, randint, randn, seed } from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { Trainer } from 'adjoint/train';

/** A run of short epochs with a checkpoint of 3.7 MB, so that most of its time goes into saving. */
export function makeRun() {
  seed(1);
  const data = new TensorDataset(randn([64, 64]), randint(0, 10, [64]));
  const model = new nn.Sequential(
    new nn.Linear(64, 512),
    new nn.BatchNorm1d(512),
    new nn.Dropout(0.2),
    new nn.Linear(512, 512),
    new nn.ReLU(),
    new nn.Linear(512, 10),
  );
  const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
  const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: 500 });
  const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, clipNorm: 1 });
  return { trainer, batches: new DataLoader(data, { batchSize: 32, shuffle: true }) };
}
