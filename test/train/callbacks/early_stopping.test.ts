import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mseLoss, nn, optim, StateError, type Tensor, tensor, ValueError } from 'adjoint';
import { type EarlyStoppingOptions, type EpochRecord, earlyStopping, Trainer } from 'adjoint/train';
import { afterAll, describe, expect, it } from 'vitest';
import { judge } from '../../../lib/train/callbacks/early_stopping.js';

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

/** A run that has come so far, of a score that says nothing of itself. */
const runWith = (records: EpochRecord<string>[], better?: 'higher' | 'lower') => {
  const trainer = run().trainer as Trainer<string>;
  trainer.history = records;
  trainer.better = (score) => (score === 'loss' ? 'lower' : better);
  Object.defineProperty(trainer, 'scores', { value: ['loss', 'score'] });
  return trainer;
};

/** The epoch after which a run of these scores ends, and the best one by then. */
async function ending(
  records: EpochRecord<string>[],
  options: EarlyStoppingOptions,
  better?: 'higher' | 'lower',
): Promise<[end: number | null, best: number]> {
  for (let end = 1; end <= records.length; end++) {
    const logs: unknown[] = [];
    const trainer = runWith(records.slice(0, end), better);
    trainer.on('log', (message) => logs.push(message));
    if ((await earlyStopping(options).epoch?.(records[end - 1], trainer)) === 'stop') {
      return [end, Number(/\d+$/.exec(String(logs[0]))?.[0])];
    }
  }
  return [null, judge(runWith(records, better), options).best];
}

describe('the verdict on a history', () => {
  it.each<[string, number[], EarlyStoppingOptions, [number | null, number]]>([
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
  ])('%s', async (_, scores, options, expected) => {
    expect(await ending(history(scores), options)).toEqual(expected);
    expect(await ending(history(scores, 'loss', 'train'), options)).toEqual(expected);
  });

  it('knows from the metric whether it should rise, and that a mode says otherwise', async () => {
    const scores = history([0.5, 0.7, 0.6, 0.65], 'score');
    expect(await ending(scores, { metric: 'score', patience: 2 }, 'higher')).toEqual([4, 2]);
    expect(await ending(scores, { metric: 'score', patience: 2 }, 'lower')).toEqual([3, 1]);
    expect(await ending(scores, { metric: 'score', patience: 2, mode: 'min' }, 'higher')).toEqual([3, 1]);
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
  const options: EarlyStoppingOptions = { patience: 3, restoreBest: true };
  /** Anew for each fit, as in a new process. */
  const callbacks = () => [earlyStopping(options)];

  it('ends after patience, says so, and gives back the best weights', async () => {
    const { trainer, batches, validation, weight } = run();
    const logs: unknown[] = [];
    trainer.on('log', (message) => logs.push(message));
    const records = await trainer.fit(batches, { epochs: 50, validation, callbacks: callbacks() });
    expect(records).toHaveLength(8);
    expect(weight()).toBe(5);
    expect(logs).toEqual(['early stopping after epoch 8: loss did not improve on 0 of epoch 5']);
    // It stays over.
    expect(await trainer.fit(batches, { epochs: 50, validation, callbacks: callbacks() })).toHaveLength(8);
  });

  it('keeps its last weights unless they are to be restored', async () => {
    const { trainer, batches, validation, weight } = run();
    await trainer.fit(batches, { epochs: 50, validation, callbacks: [earlyStopping({ patience: 3 })] });
    expect(weight()).toBe(8);
    expect(trainer.history).toHaveLength(8);
  });

  it('restores after its last epoch too', async () => {
    const { trainer, batches, validation, weight } = run();
    await trainer.fit(batches, { epochs: 6, validation, callbacks: callbacks() });
    expect(weight()).toBe(5);
  });

  it.each([2, 5, 6, 7, 8])('resumed from epoch %i ends at the same epoch with the same weights', async (epochs) => {
    const checkpoint = join(folder, `early-${epochs}.safetensors`);
    const first = run();
    const controller = new AbortController();
    first.trainer.on('epoch', ({ epoch }) => epoch === epochs && controller.abort());
    const fit = { epochs: 50, validation: first.validation, checkpoint, callbacks: callbacks() };
    await first.trainer.fit(first.batches, { ...fit, signal: controller.signal });
    expect(first.trainer.history).toHaveLength(epochs);

    const second = run();
    await second.trainer.resume(checkpoint, second.batches);
    expect(second.weight()).toBe(epochs);
    await second.trainer.fit(second.batches, { ...fit, callbacks: callbacks() });
    expect(second.trainer.history).toHaveLength(8);
    expect(second.weight()).toBe(5);

    // The checkpoint of the end has both, the last weights and the best.
    const third = run();
    await third.trainer.resume(checkpoint, third.batches);
    expect(third.weight()).toBe(8);
    await third.trainer.fit(third.batches, { ...fit, callbacks: callbacks() });
    expect(third.weight()).toBe(5);
  });

  it('goes on with more patience', async () => {
    const { trainer, batches, validation } = run();
    await trainer.fit(batches, { epochs: 50, validation, callbacks: [earlyStopping({ patience: 2 })] });
    expect(trainer.history).toHaveLength(7);
    await trainer.fit(batches, { epochs: 50, validation, callbacks: [earlyStopping({ patience: 4 })] });
    expect(trainer.history).toHaveLength(9);
  });

  it('refuses what it cannot do', async () => {
    const { trainer, batches, validation } = run();
    const refuses = (asked: EarlyStoppingOptions, error: Error) =>
      expect(
        (async () => trainer.fit(batches, { epochs: 9, validation, callbacks: [earlyStopping(asked)] }))(),
      ).rejects.toThrow(error);
    await refuses({ metric: 'accuracy' }, new ValueError("earlyStopping: metric must be one of loss; got 'accuracy'"));
    await refuses({ patience: 1.5 }, new ValueError('earlyStopping: patience must be a whole number ≥ 0; got 1.5'));
    await refuses({ minDelta: -1 }, new ValueError('earlyStopping: minDelta must be a finite number ≥ 0; got -1'));
    await refuses({ mode: 'up' as 'max' }, new ValueError("earlyStopping: mode must be 'min' or 'max'; got 'up'"));
    const silent = runWith([]);
    expect(() => earlyStopping({ metric: 'score' }).begin?.(silent)).toThrow(
      new ValueError(
        "earlyStopping: mode must be 'min' or 'max', since 'score' does not say whether more is better; got none",
      ),
    );
    earlyStopping({ metric: 'score', mode: 'max' }).begin?.(silent);
    await trainer.fit(batches, { epochs: 7, validation, callbacks: [earlyStopping({ patience: 5 })] });
    await refuses(
      options,
      new StateError(
        'earlyStopping: restoreBest needs the weights of epoch 5, the best so far; this run kept none; leave it out, or give the same earlyStopping from the first epoch on',
      ),
    );
    expect(trainer.history).toHaveLength(7);
  });
});
