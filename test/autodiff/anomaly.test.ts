import {
  capture,
  crossEntropy,
  detectAnomaly,
  div,
  exp,
  isRecording,
  log,
  maskedFill,
  matmul,
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
import { engines } from '../harness.js';

afterEach(() => setAnomalyDetection(false));

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
  });
});
