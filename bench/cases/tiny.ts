import { add, mul, rand, type Tensor } from 'adjoint';
import type { Case } from '../group.js';

/* Through the public calls, on 16 elements: what a call costs. */

const tiny = (name: string, ask: string, call: (a: Tensor, b: Tensor, recorded: Tensor) => unknown): Case => ({
  name,
  ask: `tiny ${ask}`,
  section: 'tiny',
  setup: () => {
    const [a, b, recorded] = [rand([16]), rand([16]), rand([16]).requireGrad()];
    return () => call(a, b, recorded);
  },
});

export const tinyCases: readonly Case[] = [
  tiny('add', 'add', (a, b) => add(a, b)),
  tiny('add, recorded', 'add recorded', (_, b, recorded) => add(recorded, b)),
  tiny('multiply, sum, backward', 'backward', (_, b, recorded) => {
    recorded.grad = null;
    mul(recorded, b).sum().backward();
  }),
];
