import { crossEntropy, nn, optim, rand, randint, seed, type Tensor } from 'adjoint';
import { Trainer } from 'adjoint/train';
import { describe, expect, it } from 'vitest';
import { intercept } from '../../lib/backend/index.js';

const build = () => {
  seed(5);
  const model = new nn.Sequential(new nn.Linear(6, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 3));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const batches = Array.from({ length: 10 }, () => [rand([8, 6]), randint(0, 3, [8])] as const);
  const schedule = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
  return { model, optimizer, batches, schedule };
};

async function losses(prepare: (trainer: Trainer, model: nn.Sequential) => void = () => {}): Promise<number[]> {
  const { model, optimizer, batches, schedule } = build();
  const trainer = new Trainer(model, { optimizer, schedule, loss: crossEntropy, clipNorm: 0.5 });
  prepare(trainer, model);
  const seen: number[] = [];
  trainer.on('step', ({ loss }) => seen.push(loss));
  await trainer.fit(batches, { epochs: 3 });
  return seen;
}

/** Kernel calls that came through the door one by one, in all and by step. */
async function callsOf(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const release = intercept((engine) => ({
    ...engine,
    run: (...call) => {
      count++;
      return engine.run(...call);
    },
  }));
  await work();
  release();
  return count;
}

describe('a Trainer', () => {
  it('captures its step, with the bits of one that it cannot capture', async () => {
    const logs: unknown[] = [];
    let eager: number[] = [];
    const eagerCalls = await callsOf(async () => {
      eager = await losses((trainer, model) => {
        trainer.on('log', (message) => logs.push(message));
        model.onForward(() => {});
      });
    });
    expect(logs).toEqual([
      expect.stringMatching(
        /^the step is not captured: capture: a replay runs no JavaScript; got a hook on Sequential at .*; take it off, or run the step as it is$/,
      ),
    ]);
    let captured: number[] = [];
    const capturedCalls = await callsOf(async () => {
      captured = await losses((trainer) => trainer.on('log', (message) => logs.push(message)));
    });
    expect(logs.length).toBe(1);
    expect(captured).toEqual(eager);
    // Five of thirty steps were recorded.
    expect(capturedCalls).toBeLessThan(eagerCalls / 3);
  });

  it('does not capture a step that is another one each time', async () => {
    const { model, optimizer, batches } = build();
    let weight = 0;
    const logs: unknown[] = [];
    const trainer = new Trainer(model, {
      optimizer,
      loss: (output: Tensor, target: Tensor) => {
        weight += 0.1;
        return crossEntropy(output, target as Tensor<[number], 'int32'>).mul(weight);
      },
    });
    trainer.on('log', (message) => logs.push(message));
    await trainer.fit(batches, { epochs: 1 });
    expect(weight).toBeCloseTo(1);
    expect(logs).toEqual([
      expect.stringMatching(/^the step is not captured: capture: a step must do the same in every call; got first/),
    ]);
  });

  it('stops before an update by a loss that is not finite', async () => {
    const { model, optimizer, batches } = build();
    const trainer = new Trainer(model, { optimizer, loss: crossEntropy });
    const poisoned = [...batches.slice(0, 5), [rand([8, 6]).mul(Number.NaN), batches[0][1]] as const];
    let before: unknown;
    trainer.on('step', ({ step }) => {
      if (step === 5) before = [...model.stateDict().values()].map((x) => x.data());
    });
    await expect(trainer.fit(poisoned, { epochs: 1 })).rejects.toThrow(
      'fit: the loss is NaN at step 6; lower the learning rate (0.01), clip gradients, or find the first op that made it with detectAnomaly',
    );
    expect([...model.stateDict().values()].map((x) => x.data())).toEqual(before);
  });
});
