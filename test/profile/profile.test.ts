import { setTimeout as sleep } from 'node:timers/promises';
import {
  backend,
  capture,
  crossEntropy,
  nn,
  ones,
  optim,
  rand,
  randint,
  StateError,
  seed,
  setBackend,
  type Tensor,
  tensor,
} from 'adjoint';
import { mark, type ProfileReport, profile, startProfile, type TraceEvent } from 'adjoint/profile';
import { Trainer } from 'adjoint/train';
import { describe, expect, it } from 'vitest';
import { lenet5 } from '../../bench/models.js';
import { engineInUse, intercept } from '../../lib/backend/index.js';
import { watchers } from '../../lib/core/watching.js';
import { engines } from '../harness.js';

const best = engines.slice(-1);

/** Training steps of LeNet-5 with Adam. */
function lenetStep(batch: number): {
  step: (x: Tensor, y: Tensor<[number], 'int32'>) => Tensor;
  x: Tensor;
  y: Tensor<[number], 'int32'>;
} {
  seed(1);
  const model = lenet5();
  const optimizer = new optim.Adam(model.parameters());
  return {
    step: (x, y) => {
      optimizer.zeroGrad();
      const loss = crossEntropy(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss;
    },
    x: rand([batch, 1, 28, 28]),
    y: randint(0, 10, [batch]),
  };
}

const sumOf = ({ rows, javascript, waiting, profiler }: ProfileReport): number =>
  rows.reduce((sum, { time }) => sum + time, javascript + waiting + profiler);

/** Milliseconds of the clock on the wall. */
const clock = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The parts' sum over the time that a clock of its own measured, in the best of a few tries. */
function agreement(body: () => void): number {
  const ratios = Array.from({ length: 5 }, () => {
    let taken = 0;
    const report = profile(() => {
      const start = clock();
      body();
      taken = clock() - start;
    });
    return sumOf(report) / taken;
  });
  return ratios.reduce((nearest, ratio) => (Math.abs(ratio - 1) < Math.abs(nearest - 1) ? ratio : nearest));
}

const ops = ({ rows }: ProfileReport): string[] =>
  rows.map(({ op, backward, kernel, calls }) => `${calls} ${op}${backward ? ' backward' : ''}: ${kernel}`).sort();

describe.each(engines)('profile on $name', ({ name, use }) => {
  it('adds up to the time that the steps take', () => {
    use();
    const { step, x, y } = lenetStep(name === 'reference' ? 2 : 32);
    const steps = () => {
      for (let i = 0; i < 3; i++) step(x, y);
    };
    expect(Math.abs(agreement(steps) - 1)).toBeLessThan(0.05);
    const captured = capture(step);
    const replays = () => {
      for (let i = 0; i < 5; i++) captured(x, y);
    };
    replays();
    expect(Math.abs(agreement(replays) - 1)).toBeLessThan(0.05);
  });

  it('tells the ops of kernels, and forward from backward', () => {
    use();
    const x = tensor([[1, 2, 3]]).requireGrad();
    const layer = new nn.Linear(3, 2);
    const report = profile(() => layer.forward(x).exp().sum().backward());
    expect(ops(report)).toEqual(
      [
        '1 linear: matmul',
        '1 exp: exp',
        '1 sum: sum',
        '1 exp backward: mul',
        '2 linear backward: matmul',
        '1 linear backward: sum',
      ].sort(),
    );
  });

  it('counts operations and bytes by the formula', () => {
    use();
    const x = rand([4, 3, 8, 8]).requireGrad();
    const layer = new nn.Conv2d(3, 5, 3, { stride: 2, padding: 1, bias: false });
    const { rows } = profile(() => layer.forward(x).sum().backward());
    const row = (kernel: string) => rows.find((each) => each.kernel === kernel);
    // 4 · 5 · 4 · 4 results of 3 · 3 · 3 products each
    const flops = 2 * 320 * 27;
    expect(row('conv2d')).toMatchObject({
      flops,
      read: 4 * (4 * 3 * 64 + 135),
      written: 4 * 320,
      calls: 1,
      backward: false,
    });
    // The gradient of a sum is one number, expanded.
    expect(row('conv2dInput')).toMatchObject({ flops, read: 4 * (1 + 135), written: 4 * 768, backward: true });
    expect(row('conv2dWeight')).toMatchObject({ flops, op: 'conv2d', written: 4 * 135 });
    expect(row('sum')).toMatchObject({ flops: 320, read: 4 * 320, written: 4 });
    for (const { time, mean, calls, share, gflopsPerSecond, flops, peakShare } of rows) {
      expect(mean * calls).toBeCloseTo(time, 9);
      expect(share).toBeGreaterThan(0);
      expect(gflopsPerSecond).toBeCloseTo(flops / time / 1e6, 9);
      expect(peakShare === undefined).toBe(name === 'reference');
      expect(peakShare ?? 0).toBeLessThan(1.05);
    }
  });

  it('sees the calls of captured steps as they run, with their ops', async () => {
    use();
    const { step, x, y } = lenetStep(2);
    const captured = capture(step);
    captured(x, y);
    const eager = profile(() => step(x, y));
    const report = profile(() => {
      for (let i = 0; i < 3; i++) captured(x, y);
    });
    const beside = await profile(async () => {
      for (let i = 0; i < 3; i++) await captured.async(x, y);
    });
    const callsOf = ({ rows }: ProfileReport, op: string, backward: boolean): number =>
      rows.filter((row) => row.op === op && row.backward === backward).reduce((sum, { calls }) => sum + calls, 0);
    for (const [op, backward] of [
      ['conv2d', false],
      ['conv2d', true],
      ['linear', false],
      ['linear', true],
      ['adamStep', false],
    ] as const) {
      expect(callsOf(eager, op, backward)).toBeGreaterThan(0);
      expect(callsOf(report, op, backward)).toBe(3 * callsOf(eager, op, backward));
      expect(callsOf(beside, op, backward)).toBe(3 * callsOf(eager, op, backward));
    }
    expect(beside.rows.reduce((sum, { time }) => sum + time, 0)).toBeLessThan(beside.wall);
    const starts = report.chromeTrace().traceEvents.flatMap(({ cat, ts = 0 }) => (cat === 'kernel' ? ts : []));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(new Set(starts).size).toBeGreaterThan(starts.length / 2);
    // The step itself is none the worse.
    expect(captured(x, y).item()).toBeLessThan(10);
  });

  it('leaves the door as it was, and takes part in a change of engine', () => {
    use();
    const before = engineInUse();
    expect(profile(() => ones([2]).exp()).rows.map(({ kernel }) => kernel)).toContain('exp');
    expect(engineInUse()).toBe(before);
    expect(watchers).toBeNull();
    const report = profile(() => {
      setBackend('reference');
      ones([2]).exp();
      use();
      ones([2]).exp();
    });
    expect(report.rows.find(({ kernel }) => kernel === 'exp')?.calls).toBe(2);
    expect(backend().name).toBe(name === 'reference' ? 'reference' : 'native');
  });
});

describe.each(best)('profile on $name', ({ use }) => {
  it('shares the door with others, who come and leave in any order', () => {
    use();
    const before = engineInUse();
    const seen: string[] = [];
    const listen = (name: string) =>
      intercept((engine) => ({
        ...engine,
        run: (kernel, ...rest) => {
          if (['exp', 'log', 'sin', 'cos'].includes(kernel)) seen.push(`${name}: ${kernel}`);
          return engine.run(kernel, ...rest);
        },
      }));
    const x = ones([2]);
    const first = listen('first');
    const profiler = startProfile();
    const last = listen('last');
    x.exp();
    first();
    x.log();
    const report = profiler.stop();
    x.sin();
    last();
    x.cos();
    expect(seen).toEqual(['last: exp', 'first: exp', 'last: log', 'last: sin']);
    expect(report.rows.map(({ kernel }) => kernel).sort()).toEqual(['exp', 'log']);
    expect(engineInUse()).toBe(before);
  });

  it('refuses a second one at a time, and to be stopped twice', () => {
    use();
    const profiler = startProfile();
    expect(() => profile(() => 0)).toThrow(StateError);
    expect(() => startProfile()).toThrow(
      'profile: one profile at a time; another one is running; stop it first, or mark a part of it',
    );
    ones([3]).exp();
    expect(profiler.stop().rows.map(({ kernel }) => kernel)).toContain('exp');
    expect(() => profiler.stop()).toThrow('profile: this profile was stopped before; start another one');
  });

  it('ends where the body throws, or its promise is rejected', async () => {
    use();
    const fail = () => {
      throw new Error('mine');
    };
    expect(() => profile(fail)).toThrow('mine');
    await expect(profile(async () => fail())).rejects.toThrow('mine');
    await expect(profile(() => mark('part', async () => fail()))).rejects.toThrow('mine');
    expect(() => profile(() => mark('part', fail))).toThrow('mine');
    expect(watchers).toBeNull();
    expect(profile(() => 1).rows).toEqual([]);
  });

  it('tells waiting from working', async () => {
    use();
    const report = await profile(async () => {
      await sleep(50);
      for (const end = clock() + 20; clock() < end; );
    });
    expect(report.waiting).toBeGreaterThan(30);
    expect(report.javascript).toBeGreaterThan(15);
    expect(Math.abs(sumOf(report) / report.wall - 1)).toBeLessThan(0.05);
  });

  it('marks parts, nested and asynchronous, and hands on what they return', async () => {
    use();
    expect(mark('without a profile', () => 5)).toBe(5);
    const report = await profile(() =>
      mark('outer', async () => {
        for (let i = 0; i < 3; i++) expect(mark('inner', () => ones([10]).exp().size)).toBe(10);
        expect(await mark('later', async () => 'result')).toBe('result');
      }),
    );
    expect(report.marks.map(({ name, count }) => [name, count])).toEqual([
      ['outer', 1],
      ['inner', 3],
      ['later', 1],
    ]);
    const [outer, inner] = report.marks;
    expect(inner.time).toBeLessThan(outer.time);
    expect(inner.mean).toBeCloseTo(inner.time / 3, 9);
  });

  it('draws a trace whose spans nest, with the steps and epochs of a training', async () => {
    use();
    const model = new nn.Linear(4, 3);
    const trainer = new Trainer(model, {
      optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
      loss: crossEntropy,
    });
    const batch = [rand([8, 4]), randint(0, 3, [8])] as const;
    const report = await profile(() => trainer.fit([batch, batch], { epochs: 2 }));
    expect(report.marks.map(({ name, count }) => [name, count])).toEqual([
      ['epoch', 2],
      ['step', 4],
    ]);
    const { traceEvents } = JSON.parse(JSON.stringify(report.chromeTrace())) as { traceEvents: TraceEvent[] };
    const spans = traceEvents.filter(({ ph }) => ph === 'X');
    expect(traceEvents.filter(({ ph }) => ph === 'M').map(({ args }) => args?.['name'])).toEqual([
      'marks',
      'kernels',
      'kernels of captured steps',
    ]);
    expect(spans.filter(({ cat }) => cat === 'kernel')).toHaveLength(
      report.rows.reduce((sum, { calls }) => sum + calls, 0),
    );
    const end = ({ ts = 0, dur = 0 }: TraceEvent): number => ts + dur;
    const within = (inner: TraceEvent, outer: TraceEvent): boolean =>
      (inner.ts ?? 0) >= (outer.ts ?? 0) - 0.01 && end(inner) <= end(outer) + 0.01;
    for (const { ts = -1, dur = -1 } of spans) {
      expect(ts).toBeGreaterThanOrEqual(0);
      expect(dur).toBeGreaterThanOrEqual(0);
      expect(ts + dur).toBeLessThanOrEqual(report.wall * 1e3 + 100);
    }
    // On one track two spans are apart, or one lies within the other.
    for (const a of spans) {
      for (const b of spans) {
        if (a === b || a.tid !== b.tid) continue;
        expect(end(a) <= (b.ts ?? 0) + 0.01 || end(b) <= (a.ts ?? 0) + 0.01 || within(a, b) || within(b, a)).toBe(true);
      }
    }
    const steps = spans.filter(({ name }) => name === 'step');
    for (const step of steps) {
      const inStep = spans.filter((span) => span.cat === 'kernel' && within(span, step)).map(({ name }) => name);
      expect(inStep).toContain('linear');
      expect(inStep).toContain('linear backward');
    }
  });

  it('gives its figures as JSON', () => {
    use();
    const report = profile(() => ones([10]).exp());
    const json = JSON.parse(JSON.stringify(report));
    expect(Object.keys(json)).toEqual(['wall', 'javascript', 'waiting', 'profiler', 'peak', 'rows', 'marks']);
    expect(json.rows).toHaveLength(2);
    expect(json.wall).toBe(report.wall);
    expect(json.peak).toBe(report.peak);
  });
});
