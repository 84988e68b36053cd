import { crossEntropy, optim, seed, setBackend } from 'adjoint';
import { DataLoader, digitDataset, generateDigits } from 'adjoint/data';
import { Trainer } from 'adjoint/train';
import { afterAll, expect, it } from 'vitest';
import { lenet5 } from '../../bench/models.js';

afterAll(() => setBackend('native'));

/** LeNet-5's losses in 20 steps of 64 generated digits. */
async function losses(backend: 'native' | 'reference'): Promise<number[]> {
  setBackend(backend);
  seed(1);
  const model = lenet5();
  const batches = new DataLoader(digitDataset(generateDigits(1280, { seed: 1 })), {
    batchSize: 64,
    shuffle: true,
    seed: 1,
  });
  const trainer = new Trainer(model, {
    optimizer: new optim.Adam(model.parameters(), { lr: 2e-3 }),
    loss: crossEntropy,
  });
  const values: number[] = [];
  trainer.on('step', ({ loss }) => values.push(loss));
  await trainer.fit(batches, { epochs: 1 });
  return values;
}

it('trains LeNet-5 alike on both backends', async () => {
  const native = await losses('native');
  const reference = await losses('reference');
  expect(native).toHaveLength(20);
  expect(native[19]).toBeLessThan(native[0]);
  const relative = native.map((loss, i) => Math.abs(loss - reference[i]) / reference[i]);
  expect(Math.max(...relative)).toBeLessThan(1e-4);
});
