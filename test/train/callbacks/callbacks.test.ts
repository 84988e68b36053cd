import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mseLoss, nn, optim, seed, type Tensor, tensor, ValueError } from 'adjoint';
import {
  activationStatistics,
  type Callback,
  checkpointOf,
  csvLog,
  gradientStatistics,
  keepBest,
  keepLast,
  type Outcome,
  Trainer,
  tensorBoard,
  terminateOnNaN,
} from 'adjoint/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graph } from '../../../lib/autodiff/graph.js';
import { readEvents } from '../../tfevents.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adjoint-callbacks-'));
  seed(1);
});
afterEach(() => rmSync(folder, { recursive: true }));

const x = tensor([
  [1, 2],
  [0, -1],
  [3, 1],
  [2, 2],
]);
const y = tensor([[1], [0], [2], [3]]);
/** Two batches of two. */
const batches: [Tensor, Tensor][] = [0, 2].map((i) => [x.slice([i, i + 2]), y.slice([i, i + 2])]);

function job({ capture = true, loss = mseLoss }: { capture?: boolean; loss?: (a: Tensor, b: Tensor) => Tensor } = {}) {
  const model = new nn.Sequential(new nn.Linear(2, 4), new nn.ReLU(), new nn.Linear(4, 1));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
  const better = Object.assign((output: Tensor) => output.size, { better: 'higher', unit: 'number' } as const);
  const trainer = new Trainer(model, { optimizer, loss, capture, metrics: { better } });
  return { model, optimizer, trainer };
}

describe('callbacks', () => {
  /** Writes down what it is asked. */
  const spy = (name: string, seen: string[], answers: Partial<Callback> = {}): Callback => ({
    name,
    begin: () => void seen.push(`${name} begin`),
    step: async ({ step }) => void seen.push(`${name} step ${step}`),
    epoch: async ({ epoch }) => void seen.push(`${name} epoch ${epoch}`),
    checkpoint: ({ epoch }) => void seen.push(`${name} checkpoint ${epoch}`),
    end: (_run, outcome) => void seen.push(`${name} ${outcome}`),
    ...answers,
  });

  it('are asked in their order, and waited for', async () => {
    const seen: string[] = [];
    const { trainer } = job();
    trainer.on('end', () => seen.push('end'));
    await trainer.fit(batches, { epochs: 1, callbacks: [spy('a', seen), spy('b', seen)] });
    expect(seen).toEqual([
      'a begin',
      'b begin',
      'a step 1',
      'b step 1',
      'a step 2',
      'b step 2',
      'a epoch 1',
      'b epoch 1',
      'a checkpoint 1',
      'b checkpoint 1',
      'a finished',
      'b finished',
      'end',
    ]);
  });

  it.each<[string, Partial<Callback>, Outcome, number]>([
    ['before the first step', { begin: () => 'stop' }, 'finished', 0],
    ['after a step', { step: ({ step }) => (step === 3 ? 'stop' : undefined) }, 'stopped', 3],
    ['after an epoch', { epoch: async ({ epoch }) => (epoch === 2 ? 'stop' : undefined) }, 'finished', 4],
  ])('end a run %s', async (_, answers, outcome, steps) => {
    const seen: string[] = [];
    const { trainer } = job();
    await trainer.fit(batches, { epochs: 5, callbacks: [spy('a', seen, answers)] });
    expect([seen.at(-1), trainer.step]).toEqual([`a ${outcome}`, steps]);
    // What stopped in the middle of an epoch goes on there.
    await trainer.fit(batches, { epochs: 5 });
    expect([trainer.step, trainer.history.length]).toEqual([10, 5]);
  });

  it('are told that a run failed, and may fail themselves', async () => {
    const seen: string[] = [];
    const failing = spy('b', seen, {
      epoch: () => {
        throw new Error('full');
      },
    });
    const { trainer } = job();
    await expect(trainer.fit(batches, { epochs: 2, callbacks: [spy('a', seen), failing] })).rejects.toThrow('full');
    expect(seen.slice(-2)).toEqual(['a failed', 'b failed']);
    expect(await trainer.fit(batches, { epochs: 2 })).toHaveLength(2);
  });

  it('keep their state in checkpoints, and for the next fit, under their name', async () => {
    const path = join(folder, 'run.safetensors');
    const counting = () => {
      let count = 0;
      const callback: Callback = {
        name: 'counting',
        step: () => void count++,
        stateDict: () => ({ count, limit: Infinity, seen: new Map([['x', x]]) }),
        loadStateDict: (state) => {
          expect(state.limit).toBe(Infinity);
          expect(state.seen.get('x').toArray()).toEqual(x.toArray());
          count = state.count;
        },
      };
      return { callback, count: () => count };
    };
    const [first, second, third] = [counting(), counting(), counting()];
    const { trainer } = job();
    await trainer.fit(batches, { epochs: 1, checkpoint: path, callbacks: [first.callback] });
    await trainer.fit(batches, { epochs: 2, callbacks: [second.callback] });
    expect(second.count()).toBe(4);
    const other = job();
    await other.trainer.resume(path, batches);
    // A fit without it keeps its state for the one after.
    await other.trainer.fit(batches, { epochs: 2, checkpoint: path });
    await other.trainer.fit(batches, { epochs: 3, callbacks: [third.callback] });
    expect(third.count()).toBe(4);
  });

  it('have a name each', async () => {
    const { trainer } = job();
    await expect(trainer.fit(batches, { epochs: 1, callbacks: [spy('a', []), spy('a', [])] })).rejects.toThrow(
      new ValueError('fit: each callback must have a name of its own; there are two of a'),
    );
  });

  it('cannot keep what is neither JSON nor tensors', async () => {
    const { trainer } = job();
    const odd: Callback = { name: 'odd', stateDict: () => ({ at: new Date() }), loadStateDict: () => {} };
    await expect(trainer.fit(batches, { epochs: 1, checkpoint: join(folder, 'x'), callbacks: [odd] })).rejects.toThrow(
      new ValueError('save: a state must be JSON, maps and tensors; got an instance of Date at callbacks.odd.at'),
    );
  });
});

describe('checkpoint policies', () => {
  it('keepLast keeps the last ones, each to go on from', async () => {
    const { trainer, model } = job();
    await trainer.fit(batches, { epochs: 4, callbacks: [keepLast(folder, 2)] });
    expect(readdirSync(folder).sort()).toEqual(['epoch-0003.safetensors', 'epoch-0004.safetensors']);
    const other = job();
    await other.trainer.resume(checkpointOf(folder, 3), batches);
    await other.trainer.fit(batches, { epochs: 4 });
    expect([...other.model.parameters()[0].data()]).toEqual([...model.parameters()[0].data()]);
    for (const callback of [csvLog, keepBest, keepLast, tensorBoard]) {
      const none = callback as (path?: string) => unknown;
      expect(() => none()).toThrow(new ValueError(`${callback.name}: a path must be a text; got undefined`));
    }
    expect(() => keepLast(folder, 0)).toThrow(new ValueError('keepLast: count must be a whole number ≥ 1; got 0'));
  });

  it('keepBest keeps the best one', async () => {
    const path = join(folder, 'best.safetensors');
    const scores = [3, 1, 2];
    const { trainer } = job({ capture: false });
    const worsening: Callback = {
      name: 'worsening',
      epoch: (record) => {
        record.train.loss = scores[record.epoch - 1];
      },
    };
    await trainer.fit(batches, { epochs: 3, callbacks: [keepBest(path), worsening] });
    const other = job();
    await other.trainer.resume(path, batches);
    expect(other.trainer.history).toHaveLength(2);
    await expect(trainer.fit(batches, { epochs: 4, callbacks: [keepBest(path, { metric: 'f1' })] })).rejects.toThrow(
      new ValueError("keepBest: metric must be one of loss, better; got 'f1'"),
    );
  });
});

it.each([true, false])('terminateOnNaN ends a run where fit throws (captured: %s)', async (capture) => {
  const path = join(folder, 'run.safetensors');
  const { trainer, optimizer } = job({ capture });
  const logs: unknown[] = [];
  trainer.on('log', (message) => logs.push(message));
  await trainer.fit(batches, { epochs: 1, checkpoint: path });
  const before = readFileSync(path);
  optimizer.groups[0].lr = 1e30;
  const history = await trainer.fit(batches, { epochs: 9, checkpoint: path, callbacks: [terminateOnNaN()] });
  expect(history.length).toBeLessThan(9);
  expect(logs.at(-1)).toMatch(/^terminated: the loss is (NaN|Infinity) at step \d+$/);
  if (history.length === 1) expect(readFileSync(path).equals(before)).toBe(true);
  await expect(trainer.fit(batches, { epochs: 9 })).rejects.toThrow(/^fit: the loss is (NaN|Infinity) at step /);
});

it('csvLog writes a row an epoch, and makes it anew for a resumed run', async () => {
  const [path, checkpoint] = [join(folder, 'log.csv'), join(folder, 'run.safetensors')];
  const { trainer } = job();
  await trainer.fit(batches, { epochs: 2, validation: batches, checkpoint, callbacks: [csvLog(path)] });
  const rows = () =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
  expect(rows()[0]).toEqual(['epoch', 'loss', 'better', 'validation_loss', 'validation_better', 'seconds']);
  expect(rows().map(([epoch]) => epoch)).toEqual(['epoch', '1', '2']);
  const [, { train, validation, seconds }] = trainer.history;
  expect(rows()[2].map(Number)).toEqual([2, train.loss, 2, validation?.loss, 2, seconds]);

  const other = job();
  await other.trainer.resume(checkpoint, batches);
  await other.trainer.fit(batches, { epochs: 3, validation: batches, callbacks: [csvLog(path)] });
  expect(rows().map(([epoch]) => epoch)).toEqual(['epoch', '1', '2', '3']);
});

it('tensorBoard writes steps, scores, histograms and a graph, and goes on after a resume', async () => {
  const checkpoint = join(folder, 'run.safetensors');
  const logs = join(folder, 'events');
  const read = () =>
    readdirSync(logs)
      .sort()
      .map((name) => readEvents(readFileSync(join(logs, name))));
  const { trainer, model } = job();
  const drawn = graph(() => model.forward(x).sum());
  await trainer.fit(batches, {
    epochs: 2,
    validation: batches,
    checkpoint,
    callbacks: [tensorBoard(logs, { histograms: 2, graph: drawn })],
  });
  const [events] = read();
  const of = (tag: string) =>
    events.flatMap(({ step, summary }) =>
      (summary?.value ?? []).filter((value) => value.tag === tag).map((value) => ({ step, ...value })),
    );
  expect(events[1].graphDef?.node).toHaveLength(drawn.nodes.length);
  expect(of('step/loss').map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect(of('step/lr').map(({ simpleValue }) => simpleValue)).toEqual(Array(4).fill(Math.fround(0.01)));
  expect(of('train/loss').map(({ simpleValue }) => simpleValue)).toEqual(
    trainer.history.map(({ train }) => Math.fround(train.loss)),
  );
  expect(of('validation/loss').map(({ step }) => step)).toEqual([2, 4]);
  expect(of('parameters/0.weight').map(({ step, histo }) => [step, histo?.num])).toEqual([[4, 8]]);
  expect(of('gradients/0.weight').map(({ histo }) => histo?.num)).toEqual([8]);

  const other = job();
  await other.trainer.resume(checkpoint, batches);
  await other.trainer.fit(batches, { epochs: 3, callbacks: [tensorBoard(logs)] });
  const [, resumed] = read();
  expect(resumed[1]).toMatchObject({ step: 5, sessionLog: { status: 1 } });
  expect(() => tensorBoard(logs, { histograms: 0 })).toThrow(
    new ValueError('tensorBoard: histograms must be a whole number ≥ 1; got 0'),
  );
  expect(existsSync(logs)).toBe(true);
});

describe('statistics', () => {
  it.each([true, false])('of gradients are those of the step (captured: %s)', async (capture) => {
    const { trainer, model } = job({ capture });
    const gradients = gradientStatistics({ every: 3 });
    await trainer.fit(batches, { epochs: 3, callbacks: [gradients] });
    expect(gradients.records.map(({ step }) => step)).toEqual([3, 6]);
    const norm = (z: Tensor | null) => Math.sqrt(Number(z?.detach().square().sum().item()));
    const last = gradients.records[1].parameters;
    expect(last.map(({ name }) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    model.namedParameters().forEach(([, parameter], i) => {
      expect(last[i].norm).toBeCloseTo(norm(parameter.grad), 5);
      expect(last[i].weightNorm).toBeCloseTo(norm(parameter), 5);
    });
    expect(() => gradientStatistics({ every: 0 })).toThrow(
      new ValueError('gradientStatistics: every must be a whole number ≥ 1; got 0'),
    );
  });

  it('show that the gradient of sigmoids fades with depth', async () => {
    const depth = 8;
    const layers = Array.from({ length: depth }, () => [new nn.Linear(2, 2), new nn.Sigmoid()]).flat();
    const model = new nn.Sequential(...layers, new nn.Linear(2, 1));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
    const gradients = gradientStatistics();
    await new Trainer(model, { optimizer, loss: mseLoss }).fit(batches, { epochs: 1, callbacks: [gradients] });
    const norms = gradients.records[0].parameters.filter(({ name }) => name.endsWith('weight')).map(({ norm }) => norm);
    expect(norms[0]).toBeLessThan(1e-4 * norms[depth]);
  });

  it('of activations find the dead units of a ReLU, and leave the run as it was', async () => {
    const { trainer, model } = job();
    const plain = job();
    plain.model.loadStateDict(model.stateDict());
    const layer = [...model.children()][0] as nn.Linear;
    for (const net of [model, plain.model]) {
      const { bias } = [...net.children()][0] as nn.Linear;
      bias?.assign(tensor([-100, 5, -100, 5]) as never);
    }
    const activations = activationStatistics(x, { every: 2 });
    await trainer.fit(batches, { epochs: 4, callbacks: [activations] });
    await plain.trainer.fit(batches, { epochs: 4 });
    expect([...layer.weight.data()]).toEqual([...([...plain.model.children()][0] as nn.Linear).weight.data()]);

    expect(activations.records.map(({ epoch }) => epoch)).toEqual([2, 4]);
    const { layers } = activations.records[1];
    expect(layers.map(({ name, kind }) => [name, kind])).toEqual([
      ['0', 'Linear'],
      ['1', 'ReLU'],
      ['2', 'Linear'],
    ]);
    expect([layers[0].dead, layers[1].dead, layers[1].zeros >= 0.5]).toEqual([0, 0.5, true]);
    const output = model.forward(x).detach();
    expect(layers[2].mean).toBeCloseTo(Number(output.mean().item()), 5);
    expect(layers[2].deviation).toBeCloseTo(Math.sqrt(Number(output.sub(output.mean()).square().mean().item())), 5);
    expect(model.training).toBe(true);
  });
});
