/* The training of serve.ts; runs in a worker thread. */
import { existsSync } from 'node:fs';
import { crossEntropy, nn, optim, seed } from 'adjoint';
import { DataLoader, digitDataset, generateDigits } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { earlyStopping, Trainer } from 'adjoint/train';

/** The worker trains one, the main thread answers with another of the same kind. */
export const makeModel = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  );

export interface Settings {
  /** Digits to train on. */
  digits: number;
  epochs: number;
  /** File to go on from, if it is there. */
  checkpoint: string;
}

export default async function train({ digits, epochs, checkpoint }: Settings) {
  seed(1);
  const model = makeModel();
  const optimizer = new optim.Adam(model.parameters(), { lr: 2e-3 });
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
  const load = (count: number, seed: number) => digitDataset(generateDigits(count, { seed }));
  const batches = new DataLoader(load(digits, 1), { batchSize: 32, shuffle: true, seed: 1 });
  const validation = new DataLoader(load(1000, 2), { batchSize: 500 });
  if (existsSync(checkpoint)) await trainer.resume(checkpoint, batches);
  return {
    trainer,
    batches,
    fit: { epochs, validation, checkpoint, callbacks: [earlyStopping({ patience: 3, restoreBest: true })] },
  };
}
