import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crossEntropy, type nn, optim, type ProductDType, seed, type Tensor, ValueError } from 'adjoint';
import { DataLoader, digitDataset, generateDigits } from 'adjoint/data';
import { loadTensors } from 'adjoint/io';
import { accuracy } from 'adjoint/metrics';
import { Trainer } from 'adjoint/train';
import { afterAll, expect, it } from 'vitest';
import { lenet5 } from '../../bench/models.js';
import { intercept } from '../../lib/backend/index.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-precision-'));
afterAll(() => rmSync(folder, { recursive: true }));

const digits = digitDataset(generateDigits(3200, { seed: 1 }));
const unseen = new DataLoader(digitDataset(generateDigits(1000, { seed: 2 })), { batchSize: 250 });

/** LeNet-5 on generated digits: the main job, small. */
function job(precision: ProductDType | undefined, options: { seed?: number; capture?: boolean } = {}) {
  const { seed: number = 1, capture = true } = options;
  seed(number);
  const model = lenet5();
  const optimizer = new optim.Adam(model.parameters(), { lr: 2e-3 });
  const batches = new DataLoader(digits, { batchSize: 64, shuffle: true, seed: number, dropLast: true });
  const asked = precision === undefined ? {} : { precision };
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy }, capture, ...asked });
  const losses: number[] = [];
  trainer.on('step', ({ loss }) => losses.push(loss));
  return { model, optimizer, batches, trainer, losses };
}

it('trains to the accuracy of float32, for any seed', { timeout: 120_000 }, async () => {
  const after = async (precision: ProductDType, seed: number) => {
    const { trainer, batches } = job(precision, { seed });
    await trainer.fit(batches, { epochs: 3 });
    return (await trainer.evaluate(unseen)).accuracy;
  };
  const low: number[] = [];
  const high: number[] = [];
  for (const seed of [1, 2, 3]) {
    low.push(await after('bfloat16', seed));
    high.push(await after('float32', seed));
  }
  const mean = (values: number[]) => values.reduce((total, value) => total + value) / values.length;
  expect(Math.min(...low)).toBeGreaterThan(0.92);
  expect(mean(low)).toBeGreaterThan(mean(high) - 0.01);
});

it('keeps weights, gradients, and the state of the optimiser and of checkpoints in float32', async () => {
  const { model, optimizer, batches, trainer } = job('bfloat16');
  const checkpoint = join(folder, 'checkpoint.safetensors');
  await trainer.fit(batches, { epochs: 1, checkpoint });
  const dtypes = (tensors: Iterable<Tensor>) => [...new Set([...tensors].map(({ dtype }) => dtype))];
  expect(dtypes(model.stateDict().values())).toEqual(['float32']);
  expect(dtypes(Object.values(optimizer.stateDict().tensors))).toEqual(['float32']);
  expect(dtypes((await loadTensors(checkpoint)).values())).not.toContain('bfloat16');

  const other = job('float32');
  await other.trainer.fit(other.batches, { epochs: 1 });
  const shapes = (model: nn.Module) => [...model.stateDict()].map(([name, { shape }]) => [name, shape]);
  expect(shapes(model)).toEqual(shapes(other.model));
  // A float32 has digits that no bfloat16 has: weights were never rounded.
  const bits = new Uint32Array(new Float32Array(model.stateDict().get('7.weight')?.data() ?? []).buffer);
  expect(bits.filter((each) => (each & 0xffff) !== 0).length).toBeGreaterThan(0.9 * bits.length);
});

it('takes every product of training and evaluation in bfloat16, captured or not', async () => {
  const losses: number[][] = [];
  for (const capture of [true, false]) {
    const run = job('bfloat16', { capture });
    const told: unknown[] = [];
    const release = intercept((engine) => ({
      ...engine,
      run: (kernel, views, numbers, hooks) => {
        if (kernel === 'matmul') told.push(numbers[1]);
        if (kernel.startsWith('conv2d')) told.push(numbers[8]);
        return engine.run(kernel, views, numbers, hooks);
      },
    }));
    await run.trainer.fit(run.batches, { epochs: 1, validation: unseen });
    release();
    expect([...new Set(told)]).toEqual([1]);
    losses.push(run.losses);
  }
  expect(losses[0]).toEqual(losses[1]);
  const plain = job(undefined);
  await plain.trainer.fit(plain.batches, { epochs: 1 });
  expect(plain.losses).not.toEqual(losses[0]);
  expect(Math.abs(plain.losses[0] - losses[0][0])).toBeLessThan(0.01);
});

it('is float32 or bfloat16', () => {
  expect(() => job('half' as never)).toThrow(
    new ValueError("Trainer: precision must be 'bfloat16' or 'float32'; got 'half'"),
  );
});
