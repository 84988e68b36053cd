import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mseLoss, nn, ones, optim, seed, type Tensor } from 'adjoint';
import { logMetrics, showProgress, Trainer } from 'adjoint/train';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-reporters-'));
afterAll(() => rmSync(folder, { recursive: true }));

const batches: [Tensor, Tensor][] = [1, 2, 3].map((n) => [ones([n, 2]), ones([n, 1])]);

function makeTrainer() {
  seed(1);
  const model = new nn.Linear(2, 1);
  return new Trainer(model, { optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }), loss: mseLoss });
}

it('keeps a record of each step and epoch, and drops those that a resumed run does again', async () => {
  const path = join(folder, 'metrics.jsonl');
  const checkpoint = join(folder, 'checkpoint.safetensors');
  const lines = () => readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, 'left by another run\n');
  const trainer = makeTrainer();
  const records = logMetrics(trainer, path);
  await trainer.fit(batches, { epochs: 1, checkpoint });
  const first = lines();
  await trainer.fit(batches, { epochs: 2 });
  const both = lines();
  expect(records().map(({ epoch, step }) => [epoch, step])).toEqual([1, 2, 3, 4, 5, 6].map((i) => [i < 4 ? 1 : 2, i]));
  expect(both.slice(0, 3).map((line) => JSON.parse(line))).toEqual(records().slice(0, 3));
  expect(JSON.parse(both[3])).toEqual({
    step: 3,
    epoch: 1,
    loss: trainer.history[0].train.loss,
    seconds: trainer.history[0].seconds,
    itemsPerSecond: trainer.history[0].itemsPerSecond,
  });
  expect(both).toHaveLength(9);

  // A crash in the second epoch, in the middle of a line.
  writeFileSync(path, `${both.slice(0, 5).join('\n')}\n${both[5].slice(0, 10)}`);
  const resumed = makeTrainer();
  await resumed.resume(checkpoint, batches);
  const all = logMetrics(resumed, path);
  expect(lines()).toEqual(first);
  await resumed.fit(batches, { epochs: 2 });
  expect(all()).toEqual(records());
  expect(lines().slice(0, 7)).toEqual(both.slice(0, 7));
});

it('shows progress from the trainer that it follows', async () => {
  const written: string[] = [];
  const trainer = makeTrainer();
  showProgress(trainer, {
    stream: { isTTY: true, columns: 80, write: (text: string) => written.push(text) },
    clock: () => 0,
  });
  await trainer.fit(batches, { epochs: 1, validation: batches });
  const escapes = (text: string) => text.replaceAll('\x1b[', '<').replaceAll('\r', '');
  expect(written.map(escapes)).toEqual([
    expect.stringMatching(/^<\?25l<2Kepoch 1\/1 .* 33 %, loss \d\.\d{4}, [\d,.]+ examples\/s, 0:00 left$/),
    expect.stringMatching(/^<2Kepoch 1\/1: loss [\de.-]+; validation [\de.-]+; .*0:00\n$/),
    '<2K<?25h',
  ]);
});
