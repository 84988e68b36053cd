import { concat, ones, rnn, type Tensor } from 'adjoint';
import { spec } from '../../harness.js';
import { type Given, sample, samples, unrolled } from '../../recurrent.js';

function op(x: Tensor, weightIh: Tensor, weightHh: Tensor, ...rest: (Tensor | Given)[]): Tensor {
  const { biases, reverse, nonlinearity } = rest.pop() as Given;
  const [biasIh, biasHh] = (biases ? rest.splice(0, 2) : []) as Tensor[];
  const [h0] = rest as Tensor[];
  const [output, h] = rnn(x, weightIh, weightHh, { biasIh, biasHh, h0, reverse, nonlinearity });
  return concat([output, h.unsqueeze(0)]);
}

const x = ones([6, 3, 4]);
const weightIh = ones([5, 4]);
const weightHh = ones([5, 5]);

spec('rnn', op, {
  reference: (operands, given: Given) => {
    const f = given.nonlinearity === 'relu' ? (x: number) => Math.max(x, 0) : Math.tanh;
    return unrolled(({ inputs, states }) => [inputs.map((sum, j) => f(sum + states[j]))], 1)(operands, given);
  },
  samples: [
    ...samples(1, 1),
    sample(1, [3, 2, 3, 4], { biases: true, state: 1, nonlinearity: 'relu' }),
    sample(1, [3, 30, 3, 40], { biases: true, state: 0, nonlinearity: 'relu', reverse: true }, false),
  ],
  // Rounding goes on from step to step.
  slack: 4,
  errors: [
    {
      call: () => rnn(ones([6, 4]) as never, weightIh, weightHh),
      says: 'rnn: x must have the axes [steps, batch, in] and at least one step; got [6, 4]; a single sequence needs a batch axis: unsqueeze(1)',
    },
    {
      call: () => rnn(ones([0, 3, 4]), weightIh, weightHh),
      says: 'rnn: x must have the axes [steps, batch, in] and at least one step; got [0, 3, 4]; a single sequence needs a batch axis: unsqueeze(1)',
    },
    {
      call: () => rnn(x, weightIh, ones([5, 4]) as never),
      says: 'rnn: weightHh must have the axes [hidden, hidden], none of them empty; got [5, 4]',
    },
    {
      call: () => rnn(x, weightIh, weightHh, { h0: ones([1, 3, 5]) }),
      says: 'rnn: h0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [5, 5]; got [1, 3, 5]',
    },
    {
      call: () => rnn(x, weightIh, weightHh, { nonlinearity: 'sigmoid' as never }),
      says: "rnn: nonlinearity must be 'tanh', 'relu' or a function; got 'sigmoid'",
    },
  ],
});
