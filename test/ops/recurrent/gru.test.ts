import { concat, gru, ones, type Tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { type Given, samples, sigmoid, unrolled } from '../../recurrent.js';

function op(x: Tensor, weightIh: Tensor, weightHh: Tensor, ...rest: (Tensor | Given)[]): Tensor {
  const { biases, reverse } = rest.pop() as Given;
  const [biasIh, biasHh] = (biases ? rest.splice(0, 2) : []) as Tensor[];
  const [h0] = rest as Tensor[];
  const [output, h] = gru(x, weightIh, weightHh, { biasIh, biasHh, h0, reverse });
  return concat([output, h.unsqueeze(0)]);
}

const x = ones([6, 3, 4]);
const weightIh = ones([15, 4]);
const weightHh = ones([15, 5]);

spec('gru', op, {
  reference: unrolled(({ inputs, states }, [h]) => {
    const n = h.length;
    return [
      h.map((h, j) => {
        const r = sigmoid(inputs[j] + states[j]);
        const z = sigmoid(inputs[n + j] + states[n + j]);
        return (1 - z) * Math.tanh(inputs[2 * n + j] + r * states[2 * n + j]) + z * h;
      }),
    ];
  }, 1),
  samples: samples(3, 1),
  // Rounding goes on from step to step.
  slack: 4,
  errors: [
    {
      call: () => gru(x, weightIh, ones([15]) as never),
      says: 'gru: weightHh must have the axes [3 · hidden, hidden], none of them empty; got [15]',
    },
    {
      call: () => gru(x, weightIh, weightHh, { biasIh: ones([15]), biasHh: ones([5]) }),
      says: 'gru: biasHh must be [15], the first axis of weightHh [15, 5]; got [5]',
    },
    {
      call: () => gru(x, weightIh, weightHh, { h0: ones([2, 5]) }),
      says: 'gru: h0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [15, 5]; got [2, 5]',
    },
  ],
});
