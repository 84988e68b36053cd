import {
  capture,
  detectAnomaly,
  div,
  exp,
  isRecording,
  log,
  maskedFill,
  matmul,
  mseLoss,
  mul,
  nn,
  noGrad,
  optim,
  setAnomalyDetection,
  sqrt,
  sum,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
} from 'adjoint';
import { Trainer } from 'adjoint/train';
import { afterEach, describe, expect, it } from 'vitest';
import { watchers } from '../../lib/core/watching.js';
import { jobs } from '../capture/models.js';
import { engines } from '../harness.js';

afterEach(() => setAnomalyDetection(false));

const gradientOf = (x: Tensor): unknown => x.grad?.toArray();

/** What the error says, with `HERE+n` for lines of this file: n lines below the call of `messageOf`. */
function messageOf(body: () => unknown): string {
  const start = lineOf(new Error().stack as string, 1);
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return relative((error as Error).message, start);
  }
  return 'nothing was thrown';
}

const here = /[^\s(]*anomaly\.test\.ts:(\d+):\d+/g;
const lineOf = (stack: string, frame: number): number => Number([...stack.matchAll(here)][frame][1]);
const relative = (message: string, start: number): string =>
  message.replace(here, (_, line) => `HERE+${Number(line) - start}`);

describe.each(engines)('detectAnomaly on $name', ({ use }) => {
  it('names the op, the line and the operands of the first NaN in forward', () => {
    use();
    const x = tensor([0, 1, -2]);
    expect(
      messageOf(() =>
        detectAnomaly(() => {
          const y = x.add(1);
          const z = log(y);
          return z.sum();
        }),
      ),
    ).toBe(
      'log: a result must be finite; got 1 NaN among the 3 elements of [3] at HERE+3, from [3] (finite); ' +
        'keep its operand above 0, e.g. with clamp',
    );
    const zero = zeros([2, 1]);
    expect(messageOf(() => detectAnomaly(() => div(zero, zeros([2]))))).toBe(
      'div: a result must be finite; got 4 NaN among the 4 elements of [2, 2] at HERE+0, from [2, 1] (finite), [2] (finite); ' +
        'keep the divisor away from 0, e.g. with where on the divisor itself',
    );
    const scalar = tensor(-1);
    expect(messageOf(() => noGrad(() => detectAnomaly(() => sqrt(scalar))))).toContain(
      'sqrt: a result must be finite; got 1 NaN among the one element of [] at HERE+0, from [] (finite)',
    );
  });

  it('names the first infinity that arises, in every dtype, unless told to let it be', () => {
    use();
    for (const dtype of ['bfloat16', 'float32', 'float64'] as const) {
      const x = tensor([1, 1000], { dtype });
      expect(messageOf(() => detectAnomaly(() => exp(x)))).toContain(
        'exp: a result must be finite; got 1 infinite among',
      );
      expect(detectAnomaly(() => exp(x), { infinity: false }).toArray()[1]).toBe(Infinity);
    }
    const x = tensor([0, 0]);
    expect(messageOf(() => detectAnomaly(() => div(tensor([1, 0]), x)))).toContain('got 1 NaN and 1 infinite among');
  });

  it('lets infinities pass that were there before', () => {
    use();
    const scores = tensor([
      [1, 2],
      [3, 4],
    ]).requireGrad();
    const mask = tensor([
      [false, true],
      [false, false],
    ]);
    const masked = detectAnomaly(() => {
      const masked = maskedFill(scores, mask, -Infinity);
      sum(mul(masked.softmax(), scores)).backward();
      return masked;
    });
    expect(masked.toArray()).toEqual([
      [1, -Infinity],
      [3, 4],
    ]);
  });

  it('says that the operands were not finite before', () => {
    use();
    const x = tensor([1, NaN, -Infinity, 2]);
    expect(messageOf(() => detectAnomaly(() => log(x)))).toBe(
      'log: a result must be finite; got 2 NaN among the 4 elements of [4] at HERE+0, ' +
        'from [4] (1 NaN and 1 infinite); look at where that comes from',
    );
  });

  it('names the forward op and line whose gradient is the first that is not finite', () => {
    use();
    const x = tensor([4, 0, 1]).requireGrad();
    expect(
      messageOf(() =>
        detectAnomaly(() => {
          const y = x.mul(3);
          const root = sqrt(y);
          root.sum().backward();
        }),
      ),
    ).toBe(
      'backward: a gradient must be finite; got 1 infinite among the 3 elements of [3], for operand 1 of sqrt at HERE+3, ' +
        "from its result's gradient [3] (finite); add a small number below the root",
    );
    expect(x.grad).toBeNull();
  });

  it('finds the NaN that a masked logarithm leaves in the gradient', () => {
    use();
    const x = tensor([0, 2]).requireGrad();
    const body = () => {
      const y = where(x.gt(0), log(x), 0);
      y.sum().backward();
    };
    expect(messageOf(() => detectAnomaly(body))).toContain('log: a result must be finite; got 1 infinite');
    const message = messageOf(() => detectAnomaly(body, { infinity: false }));
    expect(message).toContain(
      'backward: a gradient must be finite; got 1 NaN among the 2 elements of [2], for operand 1 of log',
    );
  });

  it('knows no line of what ran before it', () => {
    use();
    const x = tensor([0]).requireGrad();
    const y = sqrt(x).sum();
    expect(messageOf(() => detectAnomaly(() => y.backward()))).toContain(
      'for operand 1 of sqrt at a line that ran before anomalies were looked for, from',
    );
  });

  it('looks into modules and names a line of theirs', () => {
    use();
    class Energy extends nn.Module {
      readonly inner = new nn.Linear(2, 2);
      forward(x: Tensor): Tensor {
        return log(this.inner.forward(x).square().neg());
      }
    }
    const model = new nn.Sequential(new nn.Flatten(), new Energy());
    const x = tensor([[1, 2]]);
    const message = messageOf(() => detectAnomaly(() => model.forward(x)));
    expect(message).toMatch(/^log: a result must be finite; got 2 NaN among the 2 elements of \[1, 2\] at HERE\+-\d+/);
    // Of layers of the library, the line that called the model.
    const weights = new nn.Linear(2, 1);
    weights.weight.assign(tensor([[NaN, 1]]));
    expect(messageOf(() => detectAnomaly(() => new nn.Sequential(weights).forward(x)))).toContain(
      'linear: a result must be finite; got 1 NaN among the one element of [1, 1] at HERE+0, from [1, 2] (finite), [1, 2] (1 NaN)',
    );
  });

  it('sees an optimiser write what is not finite', () => {
    use();
    const p = tensor([1, 2]).requireGrad();
    p.grad = tensor([1e30, 0]);
    const optimizer = new optim.SGD([p], { lr: 1e30 });
    expect(messageOf(() => detectAnomaly(() => optimizer.step()))).toBe(
      'SGD.step: what is written must be finite; got 1 infinite among the 2 elements of [2] at HERE+0; ' +
        'lower the learning rate, or clip the gradients',
    );
  });

  it('watches a training until its promise is settled, and nothing after it', async () => {
    use();
    const model = new nn.Linear(2, 2);
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e30 });
    const trainer = new Trainer(model, { optimizer, loss: mseLoss });
    const batch = [tensor([[1, 2]]), tensor([[100, 200]])] as const;
    const fit = detectAnomaly(() => trainer.fit([batch, batch, batch], { epochs: 2 }));
    expect(watchers).toHaveLength(1);
    await expect(fit).rejects.toThrow(/^\w+: a result must be finite; got .* \(finite\)/);
    expect(watchers).toBeNull();
  });

  it('runs captured steps as they are, and finds what a replay would hide', () => {
    use();
    const p = tensor([1, 2]).requireGrad();
    const optimizer = new optim.SGD([p], { lr: 1e-3 });
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      const root = sqrt(x.mul(p));
      const loss = root.sum();
      loss.backward();
      optimizer.step();
      return loss;
    });
    const good = tensor([4, 9]);
    expect([step(good), detectAnomaly(() => step(good)), step(good)].map(({ node }) => node)).toEqual([
      null,
      null,
      null,
    ]);
    expect(step.plans).toHaveLength(1);
    const zero = tensor([1, 0]);
    expect(messageOf(() => detectAnomaly(() => step(zero)))).toMatch(
      /^backward: a gradient must be finite; got 1 infinite among the 2 elements of \[2\], for operand 1 of sqrt at HERE\+-\d+,/,
    );
    expect(Number.isNaN(step(zero).item())).toBe(false);
  });

  it('watches captured steps beside the main thread too', async () => {
    use();
    const step = capture((x: Tensor) => log(x));
    await step.async(tensor([1, 2]));
    await step.async(tensor([1, -2]));
    await expect(detectAnomaly(() => step.async(tensor([1, -2])))).rejects.toThrow(
      /^log: a result must be finite; got 1 NaN among the 2 elements of \[2\] at .*anomaly\.test\.ts:/,
    );
  });

  it.each(Object.keys(jobs))('finds nothing in the training of %s, and changes none of its bits', (name) => {
    use();
    const losses = (wrap: (step: () => Tensor) => Tensor): Tensor[] => {
      const { step, batch } = jobs[name]();
      return Array.from({ length: 2 }, () => wrap(() => step(...batch())).detach());
    };
    const plain = losses((step) => step());
    expect(losses((step) => detectAnomaly(step)).map((x) => x.data())).toEqual(plain.map((x) => x.data()));
  });

  it('is on and off where asked, and changes no result', () => {
    use();
    const x = tensor([1, 2]).requireGrad();
    const run = () => {
      x.grad = null;
      const y = matmul(x.exp().reshape([1, 2]), x.reshape([2, 1]));
      y.sum().backward();
      return [y.item(), gradientOf(x)];
    };
    const plain = run();
    setAnomalyDetection(true);
    setAnomalyDetection(true, { infinity: false });
    expect(watchers).toHaveLength(1);
    expect(run()).toEqual(plain);
    expect(messageOf(() => sqrt(tensor([-1])))).toContain('sqrt: a result must be finite');
    setAnomalyDetection(false);
    expect(watchers).toBeNull();
    expect(sqrt(tensor([-1])).toArray()).toEqual([NaN]);
    expect(detectAnomaly(isRecording)).toBe(true);
  });
});
