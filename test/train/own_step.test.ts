import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mseLoss, nn, optim, randn, StateError, seed, type Tensor, tensor, ValueError } from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { earlyStopping, Trainer } from 'adjoint/train';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'adjoint-own-step-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => seed(3));

/** A small GAN: two models, two optimisers, two losses, one input. */
function gan(capture = true) {
  const generator = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
  const critic = new nn.Sequential(new nn.Linear(1, 4), new nn.ReLU(), new nn.Linear(4, 1));
  const first = new optim.Adam(generator.parameters(), { lr: 0.01 });
  const second = new optim.SGD(critic.parameters(), { lr: 0.02 });
  const schedule = new optim.StepLR(second, { stepSize: 1, gamma: 0.5 });
  const losses = (real: Tensor) => {
    const made = generator.forward(randn([real.shape[0], 2]));
    const criticLoss = critic.forward(made.detach()).mean().sub(critic.forward(real).mean());
    return { made, criticLoss };
  };
  const trainer = new Trainer(
    { generator, critic, first, second, schedule },
    {
      capture,
      step: (real: Tensor) => {
        const { made, criticLoss } = losses(real);
        second.zeroGrad();
        criticLoss.backward();
        second.step();
        first.zeroGrad();
        const loss = critic.forward(made).mean().neg();
        loss.backward();
        first.step();
        return { loss, criticLoss };
      },
      evaluate: (real: Tensor) => {
        const { made, criticLoss } = losses(real);
        return { loss: critic.forward(made).mean().neg(), criticLoss };
      },
    },
  );
  const weights = () => [...trainer.model.stateDict().values()].map((x) => [...x.data()]);
  return { trainer, weights, second };
}

/** Seven numbers in batches of three, three and one. */
const numbers = new TensorDataset(tensor(Array.from({ length: 7 }, (_, i) => [i / 7])));
const batches = () => new DataLoader(numbers, { batchSize: 3, shuffle: true, seed: 1 });
const validation = new DataLoader(numbers, { batchSize: 4 });

describe('a step of one’s own', () => {
  it('trains several models with several optimisers, captured as if not', async () => {
    const [captured, plain] = [true, false].map((capture) => {
      seed(3);
      return gan(capture);
    });
    const logs: unknown[] = [];
    captured.trainer.on('log', (message) => logs.push(message));
    for (const { trainer } of [captured, plain]) {
      seed(4);
      await trainer.fit(batches(), { epochs: 3 });
    }
    expect(logs).toEqual([]);
    expect(captured.weights()).toEqual(plain.weights());
    const scores = ({ trainer }: typeof captured) => trainer.history.map(({ train }) => train);
    expect(scores(captured)).toEqual(scores(plain));
    expect(captured.trainer.scores).toEqual(['loss', 'criticLoss']);
    expect(captured.second.groups[0].lr).toBe(0.0025);
    expect([...captured.trainer.model.stateDict().keys()].slice(0, 2)).toEqual([
      'generator.0.weight',
      'generator.0.bias',
    ]);
  });

  it.each([2, 3, 4])('stopped after step %i and resumed ends as one that never stopped', async (stop) => {
    const path = join(folder, `gan-${stop}.safetensors`);
    const whole = gan();
    await whole.trainer.fit(batches(), { epochs: 3, validation });

    seed(3);
    const stopped = gan();
    stopped.trainer.on('step', ({ step }) => step === stop && stopped.trainer.stop());
    await stopped.trainer.fit(batches(), { epochs: 3, validation, checkpoint: path });
    seed(99);
    const resumed = gan();
    const left = batches();
    await resumed.trainer.resume(path, left);
    expect(resumed.trainer.step).toBe(stop);
    await resumed.trainer.fit(left, { epochs: 3, validation });
    expect(resumed.weights()).toEqual(whole.weights());
    const scores = ({ trainer }: typeof whole) =>
      trainer.history.map(({ train, validation }) => ({ train, validation }));
    expect(scores(resumed)).toEqual(scores(whole));
  });

  it('evaluates by a function of its own, and predicts nothing', async () => {
    const { trainer } = gan();
    const scores = await trainer.evaluate(batches());
    expect(Object.keys(scores)).toEqual(['loss', 'criticLoss']);
    await expect(trainer.predict(batches())).rejects.toThrow(
      new StateError('predict: a trainer with a step of its own has several parts; call their forward'),
    );
  });

  it('says what its scores mean where it is told', async () => {
    const layer = new nn.Linear(1, 1);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    const step = (x: Tensor) => {
      const loss = mseLoss(layer.forward(x), x);
      return { loss, hits: loss.lt(1).to('float32'), gap: loss.sqrt() };
    };
    const silent = new Trainer({ layer, optimizer }, { step });
    expect([silent.better('loss'), silent.better('hits')]).toEqual(['lower', undefined]);
    const trainer = new Trainer({ layer, optimizer }, { step, scores: { hits: accuracy, gap: { better: 'lower' } } });
    expect([trainer.better('loss'), trainer.better('hits'), trainer.better('gap')]).toEqual([
      'lower',
      'higher',
      'lower',
    ]);
    const shares: (readonly string[])[] = [];
    trainer.on('epoch', (_, progress) => shares.push(progress.shares));
    await trainer.fit(batches(), { epochs: 1 });
    expect(shares).toEqual([['hits']]);
    await expect(silent.fit(batches(), { epochs: 2, callbacks: [earlyStopping({ metric: 'hits' })] })).rejects.toThrow(
      "earlyStopping: mode must be 'min' or 'max', since 'hits' does not say whether more is better",
    );
    await trainer.fit(batches(), { epochs: 2, callbacks: [earlyStopping({ metric: 'hits' })] });
    expect(trainer.history).toHaveLength(2);
    // @ts-expect-error what it is missing is said by name
    expect(() => new Trainer({ layer, optimizer }, { step, scores: 1 })).toThrow(
      new ValueError('Trainer: scores must be an object; got a number'),
    );
  });

  it('refuses what it cannot train', async () => {
    const layer = new nn.Linear(1, 1);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    const step = (x: Tensor) => ({ loss: mseLoss(layer.forward(x), x) });
    expect(() => new Trainer({ layer }, { step })).toThrow(
      new ValueError('Trainer: there must be an optimiser among the parts; got layer'),
    );
    expect(() => new Trainer({ random: layer, optimizer }, { step })).toThrow(
      new ValueError('Trainer: no part may be named random, which the trainer keeps itself; rename it'),
    );
    const plain = new Trainer({ layer, optimizer }, { step });
    await expect(plain.evaluate(batches())).rejects.toThrow(
      new StateError('evaluate: a trainer with a step of its own needs the option evaluate; give it beside step'),
    );
    const wide = new Trainer({ layer, optimizer }, { step: (x: Tensor) => ({ loss: layer.forward(x) }) });
    await expect(wide.fit(batches(), { epochs: 1 })).rejects.toThrow(
      new ValueError('fit: step must return scalars by name, a loss among them; got 3 elements as loss'),
    );
    const diverging = new Trainer(
      { layer, optimizer },
      { step: (x: Tensor) => ({ loss: mseLoss(layer.forward(x), x).mul(Infinity) }) },
    );
    await expect(diverging.fit(batches(), { epochs: 1 })).rejects.toThrow(/^fit: the loss is Infinity at step 1; /);
  });
});

/** A stream: batches that are waited for. */
function stream(data: readonly (readonly [Tensor, Tensor])[], length: number) {
  return {
    length,
    async *[Symbol.asyncIterator]() {
      for (const batch of data) {
        await new Promise((resolve) => setImmediate(resolve));
        yield batch;
      }
    },
  };
}

describe('batches that are waited for', () => {
  const supervised = () => {
    seed(5);
    const layer = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    return { layer, trainer: new Trainer(layer, { optimizer, loss: mseLoss }) };
  };
  const pairs = [0, 1, 2].map(() => [randn([4, 2]), randn([4, 1])] as const);

  it.each([3, Infinity])('train as an array does, of length %s', async (length) => {
    const [array, streamed] = [supervised(), supervised()];
    await array.trainer.fit(pairs, { epochs: 2, validation: pairs });
    await streamed.trainer.fit(stream(pairs, length), { epochs: 2, validation: stream(pairs, length) });
    expect([...streamed.layer.weight.data()]).toEqual([...array.layer.weight.data()]);
    const scores = ({ trainer }: typeof array) => trainer.history.map(({ train, validation }) => [train, validation]);
    expect(scores(streamed)).toEqual(scores(array));
    expect(await streamed.trainer.predict(stream(pairs, length))).toHaveLength(3);
  });

  it('go on where a run was stopped', async () => {
    const [whole, stopped] = [supervised(), supervised()];
    await whole.trainer.fit(stream(pairs, 3), { epochs: 2 });
    stopped.trainer.once('step', () => stopped.trainer.stop());
    await stopped.trainer.fit(stream(pairs, 3), { epochs: 2 });
    expect(stopped.trainer.step).toBe(1);
    await stopped.trainer.fit(stream(pairs, 3), { epochs: 2 });
    expect([...stopped.layer.weight.data()]).toEqual([...whole.layer.weight.data()]);
  });
});

it('steps a schedule after every step where it says so', async () => {
  seed(5);
  const layer = new nn.Linear(2, 1);
  const optimizer = new optim.SGD(layer.parameters(), { lr: 0.8 });
  const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.5, every: 'step' });
  const trainer = new Trainer(layer, { optimizer, loss: mseLoss, schedule });
  const rates: number[] = [];
  trainer.on('step', ({ lr }) => rates.push(lr));
  await trainer.fit(
    [
      [randn([4, 2]), randn([4, 1])],
      [randn([4, 2]), randn([4, 1])],
    ],
    { epochs: 2 },
  );
  expect(rates).toEqual([0.8, 0.4, 0.2, 0.1]);
});

it('tells a schedule the loss of an epoch: of the validation, where there is one', async () => {
  const x = randn([4, 2]);
  const rate = async (validation: boolean) => {
    seed(5);
    const layer = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.01 });
    const schedule = new optim.ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 });
    // Training goes down; evaluation always gives 1.
    const loss = (a: Tensor, b: Tensor) => (layer.training ? mseLoss(a, b) : a.mul(0).add(1).mean());
    const trainer = new Trainer(layer, { optimizer, loss, schedule });
    const data = [[x, x.slice([0, 4], [0, 1])]] as const;
    await trainer.fit(data, { epochs: 3, ...(validation && { validation: data }) });
    return optimizer.groups[0].lr;
  };
  expect([await rate(false), await rate(true)]).toEqual([0.01, 0.0025]);
});
