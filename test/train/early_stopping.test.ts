import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mseLoss, nn, optim, StateError, type Tensor, tensor, ValueError } from 'adjoint';
import { type EarlyStopping, type EpochRecord, Trainer } from 'adjoint/train';
import { afterAll, describe, expect, it } from 'vitest';
import { checkEarlyStopping, judge } from '../../lib/train/early_stopping.js';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-early-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A history whose validation (or else training) scores are these. */
const history = (scores: number[], metric = 'loss', part: 'validation' | 'train' = 'validation') =>
  scores.map((score, i) => {
    const other = { loss: 0, [metric]: 0 };
    const scored = { loss: 0, [metric]: score };
    return {
      epoch: i + 1,
      train: part === 'train' ? scored : other,
      ...(part === 'validation' && { validation: scored }),
      seconds: 1,
      itemsPerSecond: 1,
    };
  }) as EpochRecord<string>[];

/** The epoch after which a run of these scores ends, and the best one by then. */
function ending(records: EpochRecord<string>[], options: EarlyStopping): [end: number | null, best: number] {
  for (let end = 1; end <= records.length; end++) {
    const { over, best } = judge(records.slice(0, end), options);
    if (over) return [end, best];
  }
  return [null, judge(records, options).best];
}

describe('the verdict on a history', () => {
  it.each<[string, number[], EarlyStopping, [number | null, number]]>([
    ['improves to the end', [5, 4, 3, 2], { patience: 1 }, [null, 4]],
    ['ends after the first worse epoch by default', [5, 4, 4.5, 3], {}, [3, 2]],
    ['takes a patience of 0 as 1', [5, 4, 4.5, 3], { patience: 0 }, [3, 2]],
    ['waits', [5, 4, 4.5, 4.2, 3, 3.5, 3.1, 3.2], { patience: 3 }, [8, 5]],
    ['does not take an equal score for an improvement', [5, 5, 5], { patience: 2 }, [3, 1]],
    [
      'wants an improvement of more than minDelta over the best',
      [5, 4.6, 4.2, 3.9],
      { patience: 2, minDelta: 1 },
      [3, 1],
    ],
    ['counts small ones once they add up', [5, 4.6, 3.9, 3.8], { patience: 2, minDelta: 1 }, [null, 3]],
    ['can want a rising score', [1, 2, 1.5, 1.7], { patience: 2, mode: 'max' }, [4, 2]],
    ['survives a first epoch that is NaN', [NaN, 4, 5], { patience: 1 }, [3, 2]],
    ['ends where all are NaN', [NaN, NaN, NaN], { patience: 2 }, [2, 0]],
    ['takes NaN for worse', [5, NaN, NaN], { patience: 2 }, [3, 1]],
  ])('%s', (_, scores, options, expected) => {
    expect(ending(history(scores), options)).toEqual(expected);
    expect(ending(history(scores, 'loss', 'train'), options)).toEqual(expected);
  });

  it('knows that an accuracy should rise, and that a mode says otherwise', () => {
    const scores = history([0.5, 0.7, 0.6, 0.65], 'topAccuracy');
    expect(ending(scores, { metric: 'topAccuracy', patience: 2 })).toEqual([4, 2]);
    expect(ending(scores, { metric: 'topAccuracy', patience: 2, mode: 'min' })).toEqual([3, 1]);
  });
});

/** A weight that a step moves by its input; the validation loss is (weight − 5)², so the best epoch is the fifth. */
function run() {
  const weight = tensor([[0]]);
  const layer = new nn.Linear(1, 1, { bias: false });
  layer.weight.assign(weight as Tensor);
  const optimizer = new optim.SGD(layer.parameters(), { lr: 1 });
  // The gradient of −w·x is −x: each batch [1] adds 1.
  const trainer = new Trainer(layer, {
    optimizer,
    loss: (output, target) => (layer.training ? output.mul(-1).sum() : mseLoss(output, target)),
  });
  const one = tensor([[1]]);
  const batches: [Tensor, Tensor][] = [[one, one]];
  const validation: [Tensor, Tensor][] = [[one, tensor([[5]])]];
  return { trainer, batches, validation, weight: () => layer.weight.item() };
}

describe('a run', () => {
  const options: EarlyStopping<never> = { patience: 3, restoreBest: true };

  it('ends after patience, says so, and gives back the best weights', async () => {
    const { trainer, batches, validation, weight } = run();
    const logs: unknown[] = [];
    trainer.on('log', (message) => logs.push(message));
    const records = await trainer.fit(batches, { epochs: 50, validation, earlyStopping: options });
    expect(records).toHaveLength(8);
    expect(weight()).toBe(5);
    expect(logs).toEqual(['early stopping after epoch 8: loss did not improve on 0 of epoch 5']);
    // It stays over.
    expect(await trainer.fit(batches, { epochs: 50, validation, earlyStopping: options })).toHaveLength(8);
  });

  it('keeps its last weights unless they are to be restored', async () => {
    const { trainer, batches, validation, weight } = run();
    await trainer.fit(batches, { epochs: 50, validation, earlyStopping: { patience: 3 } });
    expect(weight()).toBe(8);
    expect(trainer.history).toHaveLength(8);
  });

  it('restores after its last epoch too', async () => {
    const { trainer, batches, validation, weight } = run();
    await trainer.fit(batches, { epochs: 6, validation, earlyStopping: options });
    expect(weight()).toBe(5);
  });

  it.each([2, 5, 6, 7, 8])('resumed from epoch %i ends at the same epoch with the same weights', async (epochs) => {
    const checkpoint = join(folder, `early-${epochs}.safetensors`);
    const first = run();
    const controller = new AbortController();
    first.trainer.on('epoch', ({ epoch }) => epoch === epochs && controller.abort());
    const fit = { epochs: 50, validation: first.validation, checkpoint, earlyStopping: options };
    await first.trainer.fit(first.batches, { ...fit, signal: controller.signal });
    expect(first.trainer.history).toHaveLength(epochs);

    const second = run();
    await second.trainer.resume(checkpoint, second.batches);
    expect(second.weight()).toBe(epochs);
    await second.trainer.fit(second.batches, fit);
    expect(second.trainer.history).toHaveLength(8);
    expect(second.weight()).toBe(5);

    // The checkpoint of the end has both, the last weights and the best.
    const third = run();
    await third.trainer.resume(checkpoint, third.batches);
    expect(third.weight()).toBe(8);
    await third.trainer.fit(third.batches, fit);
    expect(third.weight()).toBe(5);
  });

  it('goes on with more patience', async () => {
    const { trainer, batches, validation } = run();
    await trainer.fit(batches, { epochs: 50, validation, earlyStopping: { patience: 2 } });
    expect(trainer.history).toHaveLength(7);
    await trainer.fit(batches, { epochs: 50, validation, earlyStopping: { patience: 4 } });
    expect(trainer.history).toHaveLength(9);
  });

  it('refuses what it cannot do', async () => {
    const { trainer, batches, validation } = run();
    const refuses = async (earlyStopping: object, error: Error) =>
      expect(trainer.fit(batches, { epochs: 9, validation, earlyStopping })).rejects.toThrow(error);
    await refuses(
      { metric: 'accuracy' },
      new ValueError("fit: earlyStopping.metric must be one of loss; got 'accuracy'"),
    );
    await refuses({ patience: 1.5 }, new ValueError('fit: earlyStopping.patience must be a whole number ≥ 0; got 1.5'));
    await refuses({ minDelta: -1 }, new ValueError('fit: earlyStopping.minDelta must be a finite number ≥ 0; got -1'));
    await refuses({ mode: 'up' }, new ValueError("fit: earlyStopping.mode must be 'min' or 'max'; got 'up'"));
    expect(() => checkEarlyStopping(['f1'], { metric: 'f1' })).toThrow(
      new ValueError(
        "fit: earlyStopping.mode must be 'min' or 'max'; got none, and 'f1' does not say whether more is better",
      ),
    );
    checkEarlyStopping(['f1', 'squareError'], { metric: 'f1', mode: 'max' });
    checkEarlyStopping(['f1', 'squareError'], { metric: 'squareError' });
    await trainer.fit(batches, { epochs: 7, validation, earlyStopping: { patience: 5 } });
    await refuses(
      options,
      new StateError(
        'fit: earlyStopping.restoreBest needs the weights of epoch 5, the best so far; this run kept none; leave it out, or give the same earlyStopping from the first epoch on',
      ),
    );
    expect(trainer.history).toHaveLength(7);
  });
});
