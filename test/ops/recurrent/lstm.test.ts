import { concat, lstm, ones, type Tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { type Given, samples, sigmoid, unrolled } from '../../recurrent.js';

function op(x: Tensor, weightIh: Tensor, weightHh: Tensor, ...rest: (Tensor | Given)[]): Tensor {
  const { biases, reverse } = rest.pop() as Given;
  const [biasIh, biasHh] = (biases ? rest.splice(0, 2) : []) as Tensor[];
  const state = rest.length > 0 ? (rest as [Tensor, Tensor]) : undefined;
  const [output, [h, c]] = lstm(x, weightIh, weightHh, { biasIh, biasHh, state, reverse });
  return concat([output, h.unsqueeze(0), c.unsqueeze(0)]);
}

const x = ones([6, 3, 4]);
const weightIh = ones([20, 4]);
const weightHh = ones([20, 5]);

spec('lstm', op, {
  reference: unrolled(({ inputs, states }, [h, c]) => {
    const n = h.length;
    const sum = (gate: number, j: number): number => inputs[gate * n + j] + states[gate * n + j];
    const cells = c.map((c, j) => sigmoid(sum(1, j)) * c + sigmoid(sum(0, j)) * Math.tanh(sum(2, j)));
    return [cells.map((c, j) => sigmoid(sum(3, j)) * Math.tanh(c)), cells];
  }, 2),
  samples: samples(4, 2),
  // Rounding goes on from step to step.
  slack: 4,
  errors: [
    {
      call: () => lstm(ones([6, 4]) as never, weightIh, weightHh),
      says: 'lstm: x must have the axes [steps, batch, in] and at least one step; got [6, 4]; a single sequence needs a batch axis: unsqueeze(1)',
    },
    {
      call: () => lstm(x, weightIh, ones([20, 6])),
      says: 'lstm: weightHh must have the axes [4 · hidden, hidden], none of them empty; got [20, 6]',
    },
    {
      call: () => lstm(x, ones([20, 3]) as never, weightHh),
      says: 'lstm: weightIh must be [20, 4], for weightHh [20, 5] and x [6, 3, 4]; got [20, 3]',
    },
    {
      call: () => lstm(x, weightIh, weightHh, { state: [ones([3, 5]), ones([3, 6])] }),
      says: 'lstm: c0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [20, 5]; got [3, 6]',
    },
  ],
});
